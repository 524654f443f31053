/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "porch-practice-attribute.h"
#include "porch-practice-data.h"
#include "porch-practice-expression-private.h"
#include "porch-practice-fault.h"

#define MAX_EXPRESSION 4096

typedef enum
{
  TOKEN_END,
  TOKEN_WORD,
  TOKEN_NAME,
  TOKEN_VALUE,
  TOKEN_NUMBER,
  TOKEN_MARK,
} TokenKind;

typedef struct
{
  TokenKind  kind;
  char      *text;
  gsize      start;
  gsize      end;
} Token;

typedef struct
{
  PracticeExpressionKind   kind;
  const char              *text;
  GArray                  *tokens;
  guint                    position;
  PracticeExpressionScope *scope;
  GError                 **error;
} Parser;

static const struct
{
  const char *name;
  NodeKind    kind;
  guint       operands;
} functions[] = {
  { "attribute_exists", NODE_ATTRIBUTE_EXISTS, 1 },
  { "attribute_not_exists", NODE_ATTRIBUTE_NOT_EXISTS, 1 },
  { "attribute_type", NODE_ATTRIBUTE_TYPE, 2 },
  { "begins_with", NODE_BEGINS_WITH, 2 },
  { "contains", NODE_CONTAINS, 2 },
  { "size", NODE_SIZE, 1 },
  { "if_not_exists", NODE_IF_NOT_EXISTS, 2 },
  { "list_append", NODE_LIST_APPEND, 2 },
};

static const struct
{
  const char *mark;
  NodeKind    kind;
} comparisons[] = {
  { "=", NODE_EQUAL },
  { "<>", NODE_NOT_EQUAL },
  { "<", NODE_LESS },
  { "<=", NODE_LESS_OR_EQUAL },
  { ">", NODE_GREATER },
  { ">=", NODE_GREATER_OR_EQUAL },
};

const char *
practice_expression_kind_name (PracticeExpressionKind kind)
{
  static const char *names[] = {
    "ConditionExpression", "FilterExpression", "KeyConditionExpression", "UpdateExpression", "ProjectionExpression",
  };

  return names[kind];
}

static void
step_clear (Step *step)
{
  g_free (step->name);
}

static void
token_clear (Token *token)
{
  g_free (token->text);
}

static void
node_free (Node *node)
{
  if (node == NULL)
    return;

  g_clear_pointer (&node->children, g_ptr_array_unref);
  g_clear_pointer (&node->path, g_array_unref);
  g_clear_pointer (&node->value, json_node_unref);
  g_free (node);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Node, node_free)

static Node *
node_new (NodeKind kind)
{
  Node *node = g_new0 (Node, 1);

  node->kind = kind;
  node->children = g_ptr_array_new_with_free_func ((GDestroyNotify) node_free);

  return node;
}

/* DynamoDB refuses these words as attribute names that are written out. */
static gboolean
is_reserved (const char *word)
{
  static GHashTable *words = NULL;
  g_autofree char *upper = g_ascii_strup (word, -1);

  if (g_once_init_enter_pointer (&words))
    {
      GHashTable *table = g_hash_table_new (g_str_hash, g_str_equal);
      g_autofree char *text = practice_data_load ("reserved-words.txt");
      g_auto(GStrv) list = g_strsplit_set (text, " \n", -1);

      for (guint i = 0; list[i]; i++)
        if (*list[i])
          g_hash_table_add (table, (gpointer) g_intern_string (list[i]));
      g_once_init_leave_pointer (&words, table);
    }

  return g_hash_table_contains (words, upper);
}

static Token *
peek (Parser *parser)
{
  return &g_array_index (parser->tokens, Token, parser->position);
}

static gboolean
refuse (Parser     *parser,
        const char *format,
        ...)
{
  g_autofree char *text = NULL;
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);

  return practice_refuse (parser->error, PRACTICE_FAULT_VALIDATION, "Invalid %s: %s",
                          practice_expression_kind_name (parser->kind), text);
}

static gboolean
refuse_syntax (Parser *parser)
{
  guint last = parser->tokens->len - 1;
  guint from = parser->position > 0 ? parser->position - 1 : 0;
  Token *token = peek (parser);
  Token *before = &g_array_index (parser->tokens, Token, from);
  Token *after = &g_array_index (parser->tokens, Token, MIN (parser->position + 1, last));
  gsize end = MAX (after->end, token->end);
  g_autofree char *near = g_strndup (parser->text + before->start, end - before->start);

  return refuse (parser, "Syntax error; token: \"%s\", near: \"%s\"", token->text, near);
}

static gboolean
is_mark (Parser     *parser,
         const char *mark)
{
  return peek (parser)->kind == TOKEN_MARK && g_str_equal (peek (parser)->text, mark);
}

static gboolean
is_word (Parser     *parser,
         const char *word)
{
  return peek (parser)->kind == TOKEN_WORD && g_ascii_strcasecmp (peek (parser)->text, word) == 0;
}

static gboolean
accept_mark (Parser     *parser,
             const char *mark)
{
  if (!is_mark (parser, mark))
    return FALSE;

  parser->position++;

  return TRUE;
}

static gboolean
accept_word (Parser     *parser,
             const char *word)
{
  if (!is_word (parser, word))
    return FALSE;

  parser->position++;

  return TRUE;
}

static gboolean
expect_mark (Parser     *parser,
             const char *mark)
{
  return accept_mark (parser, mark) || refuse_syntax (parser);
}

gsize
practice_expression_span (const char *text,
                          gboolean    with_marks)
{
  gsize length = 0;

  while (g_ascii_isalnum (text[length]) || text[length] == '_' || (with_marks && text[length] == '-'))
    length++;

  return length;
}

static void
tokenize (Parser *parser)
{
  const char *text = parser->text;
  gsize at = 0;

  while (TRUE)
    {
      Token token = { TOKEN_MARK, NULL, 0, 0 };
      gsize length = 1;

      while (text[at] && strchr (" \t\r\n", text[at]))
        at++;

      if (text[at] == '\0')
        {
          at = parser->tokens->len ? g_array_index (parser->tokens, Token, parser->tokens->len - 1).end : 0;
          token = (Token) { TOKEN_END, g_strdup ("<EOF>"), at, at };
          g_array_append_val (parser->tokens, token);
          return;
        }

      if (g_ascii_isalpha (text[at]) || text[at] == '_')
        {
          token.kind = TOKEN_WORD;
          length = practice_expression_span (text + at, FALSE);
        }
      else if ((text[at] == '#' || text[at] == ':') && practice_expression_span (text + at + 1, FALSE) > 0)
        {
          token.kind = text[at] == '#' ? TOKEN_NAME : TOKEN_VALUE;
          length = 1 + practice_expression_span (text + at + 1, text[at] == '#');
        }
      else if (g_ascii_isdigit (text[at]))
        {
          token.kind = TOKEN_NUMBER;
          length = strspn (text + at, "0123456789");
        }
      else if (g_str_has_prefix (text + at, "<>") || g_str_has_prefix (text + at, "<=") || g_str_has_prefix (text + at, ">="))
        length = 2;
      else
        length = g_utf8_next_char (text + at) - (text + at);

      token.start = at;
      token.end = at + length;
      token.text = g_strndup (text + at, length);
      at += length;
      g_array_append_val (parser->tokens, token);
    }
}

static gboolean
append_name (Parser *parser,
             GArray *path)
{
  Token *token = peek (parser);
  Step step = { NULL, 0 };

  if (token->kind == TOKEN_NAME)
    {
      if (parser->scope->names == NULL || !json_object_has_member (parser->scope->names, token->text))
        return refuse (parser, "An expression attribute name used in the document path is not defined; attribute name: %s",
                       token->text);
      g_hash_table_add (parser->scope->used_names, g_strdup (token->text));
      step.name = g_strdup (json_object_get_string_member (parser->scope->names, token->text));
    }
  else if (token->kind == TOKEN_WORD)
    {
      if (is_reserved (token->text))
        return refuse (parser, "Attribute name is a reserved keyword; reserved keyword: %s", token->text);
      step.name = g_strdup (token->text);
    }
  else
    {
      return refuse_syntax (parser);
    }

  g_array_append_val (path, step);
  parser->position++;

  return TRUE;
}

static Node *
parse_path (Parser *parser)
{
  g_autoptr(Node) node = node_new (NODE_PATH);

  node->path = g_array_new (FALSE, FALSE, sizeof (Step));
  g_array_set_clear_func (node->path, (GDestroyNotify) step_clear);

  if (!append_name (parser, node->path))
    return NULL;

  while (TRUE)
    {
      if (accept_mark (parser, "."))
        {
          if (!append_name (parser, node->path))
            return NULL;
        }
      else if (accept_mark (parser, "["))
        {
          Step step = { NULL, 0 };

          if (peek (parser)->kind != TOKEN_NUMBER)
            return refuse_syntax (parser), NULL;
          step.index = (guint) MIN (g_ascii_strtoull (peek (parser)->text, NULL, 10), G_MAXINT);
          g_array_append_val (node->path, step);
          parser->position++;
          if (!expect_mark (parser, "]"))
            return NULL;
        }
      else
        {
          break;
        }
    }

  return g_steal_pointer (&node);
}

static Node *
parse_value (Parser *parser)
{
  g_autoptr(Node) node = node_new (NODE_VALUE);
  const char *name = peek (parser)->text;

  if (parser->scope->values == NULL || !json_object_has_member (parser->scope->values, name))
    return refuse (parser, "An expression attribute value used in expression is not defined; attribute value: %s", name), NULL;

  g_hash_table_add (parser->scope->used_values, g_strdup (name));
  node->value = json_node_ref (json_object_get_member (parser->scope->values, name));
  parser->position++;

  return g_steal_pointer (&node);
}

static Node *parse_operand (Parser *parser);

static const char *
value_type (Node *node)
{
  return node->kind == NODE_VALUE ? practice_attribute_get_type (node->value) : NULL;
}

static gboolean
check_function (Parser     *parser,
                Node       *node,
                const char *name)
{
  Node *first = node_child (node, 0);
  const char *type;

  if (node->kind != NODE_LIST_APPEND && first->kind != NODE_PATH)
    return refuse (parser, "Operator or function requires a document path; operator or function: %s", name);
  if (node->children->len < 2)
    return TRUE;

  type = value_type (node_child (node, 1));
  if (node->kind == NODE_ATTRIBUTE_TYPE)
    {
      static const char *types[] = { "S", "N", "B", "BOOL", "NULL", "L", "M", "SS", "NS", "BS", NULL };

      if (g_strcmp0 (type, "S") != 0 ||
          !g_strv_contains (types, json_node_get_string (practice_attribute_get_content (node_child (node, 1)->value))))
        return refuse (parser, "Invalid attribute type name found; type: the second operand of attribute_type");
    }
  else if (node->kind == NODE_BEGINS_WITH && type && !g_str_equal (type, "S") && !g_str_equal (type, "B"))
    {
      return refuse (parser, "Incorrect operand type for operator or function; operator or function: begins_with, operand type: %s", type);
    }
  else if (node->kind == NODE_LIST_APPEND)
    {
      for (guint i = 0; i < 2; i++)
        {
          type = value_type (node_child (node, i));
          if (type && !g_str_equal (type, "L"))
            return refuse (parser, "Incorrect operand type for operator or function; operator or function: list_append, operand type: %s", type);
        }
    }

  return TRUE;
}

static Node *
parse_function (Parser *parser)
{
  g_autofree char *name = g_strdup (peek (parser)->text);
  g_autoptr(Node) node = NULL;
  guint i;

  for (i = 0; i < G_N_ELEMENTS (functions); i++)
    if (g_str_equal (functions[i].name, name))
      break;

  if (i == G_N_ELEMENTS (functions))
    return refuse (parser, "Invalid function name; function: %s", name), NULL;
  if ((functions[i].kind == NODE_IF_NOT_EXISTS || functions[i].kind == NODE_LIST_APPEND) != (parser->kind == PRACTICE_EXPRESSION_UPDATE))
    return refuse (parser, "The function is not allowed in %s; function: %s",
                   parser->kind == PRACTICE_EXPRESSION_UPDATE ? "an update expression" : "a condition expression", name), NULL;

  parser->position += 2;
  node = node_new (functions[i].kind);
  do
    {
      Node *operand = parse_operand (parser);

      if (operand == NULL)
        return NULL;
      g_ptr_array_add (node->children, operand);
    }
  while (accept_mark (parser, ","));

  if (!expect_mark (parser, ")"))
    return NULL;
  if (node->children->len != functions[i].operands)
    return refuse (parser, "Incorrect number of operands for operator or function; operator or function: %s, number of operands: %u",
                   name, node->children->len), NULL;
  if (!check_function (parser, node, name))
    return NULL;

  return g_steal_pointer (&node);
}

static Node *
parse_operand (Parser *parser)
{
  Token *token = peek (parser);
  Token *next = &g_array_index (parser->tokens, Token, MIN (parser->position + 1, parser->tokens->len - 1));

  if (token->kind == TOKEN_VALUE)
    return parse_value (parser);
  if (token->kind == TOKEN_WORD && next->kind == TOKEN_MARK && g_str_equal (next->text, "("))
    return parse_function (parser);

  return parse_path (parser);
}

static gboolean
is_condition (Node *node)
{
  return node->kind <= NODE_CONTAINS;
}

static gboolean
check_bounds (Parser *parser,
              Node   *node)
{
  Node *low = node_child (node, 1);
  Node *high = node_child (node, 2);
  int order;

  if (low->kind != NODE_VALUE || high->kind != NODE_VALUE)
    return TRUE;
  if (!practice_attribute_compare (low->value, high->value, &order))
    return refuse (parser, "The BETWEEN operator requires same data type for lower and upper bounds; lower bound operand: AttributeValue: {%s}, upper bound operand: AttributeValue: {%s}",
                   value_type (low), value_type (high));
  if (order > 0)
    return refuse (parser, "The BETWEEN operator requires upper bound to be greater than or equal to lower bound; lower bound operand: AttributeValue: {%s:%s}, upper bound operand: AttributeValue: {%s:%s}",
                   value_type (low), json_node_get_string (practice_attribute_get_content (low->value)),
                   value_type (high), json_node_get_string (practice_attribute_get_content (high->value)));

  return TRUE;
}

static gboolean
check_comparison (Parser     *parser,
                  Node       *node,
                  const char *mark)
{
  if (node->kind == NODE_EQUAL || node->kind == NODE_NOT_EQUAL)
    return TRUE;

  for (guint i = 0; i < node->children->len; i++)
    {
      const char *type = value_type (node_child (node, i));

      if (type && !g_str_equal (type, "S") && !g_str_equal (type, "N") && !g_str_equal (type, "B"))
        return refuse (parser, "Incorrect operand type for operator or function; operator or function: %s, operand type: %s", mark, type);
    }

  return TRUE;
}

static gboolean
add_operand (Parser *parser,
             Node   *node)
{
  Node *operand = parse_operand (parser);

  if (operand == NULL)
    return FALSE;

  g_ptr_array_add (node->children, operand);
  if (is_condition (operand))
    return refuse (parser, "The function is not allowed to be used this way in an expression");

  return TRUE;
}

static Node *
parse_between (Parser *parser,
               Node   *node)
{
  if (!add_operand (parser, node))
    return NULL;
  if (!accept_word (parser, "AND"))
    return refuse_syntax (parser), NULL;
  if (!add_operand (parser, node) || !check_bounds (parser, node))
    return NULL;

  return node;
}

static Node *
parse_in (Parser *parser,
          Node   *node)
{
  if (!expect_mark (parser, "("))
    return NULL;

  do
    if (!add_operand (parser, node))
      return NULL;
  while (accept_mark (parser, ","));

  return expect_mark (parser, ")") ? node : NULL;
}

static Node *
parse_comparison (Parser *parser)
{
  g_autoptr(Node) left = parse_operand (parser);
  g_autoptr(Node) node = NULL;

  if (left == NULL)
    return NULL;
  if (is_condition (left))
    return g_steal_pointer (&left);

  if (accept_word (parser, "BETWEEN") || is_word (parser, "IN"))
    {
      gboolean in = accept_word (parser, "IN");

      node = node_new (in ? NODE_IN : NODE_BETWEEN);
      g_ptr_array_add (node->children, g_steal_pointer (&left));
      return (in ? parse_in (parser, node) : parse_between (parser, node)) ? g_steal_pointer (&node) : NULL;
    }

  for (guint i = 0; i < G_N_ELEMENTS (comparisons); i++)
    if (accept_mark (parser, comparisons[i].mark))
      {
        node = node_new (comparisons[i].kind);
        g_ptr_array_add (node->children, g_steal_pointer (&left));
        if (!add_operand (parser, node) || !check_comparison (parser, node, comparisons[i].mark))
          return NULL;
        return g_steal_pointer (&node);
      }

  refuse_syntax (parser);

  return NULL;
}

static Node *parse_or (Parser *parser);

static Node *
parse_not (Parser *parser)
{
  if (accept_word (parser, "NOT"))
    {
      g_autoptr(Node) node = node_new (NODE_NOT);
      Node *operand = parse_not (parser);

      if (operand == NULL)
        return NULL;
      g_ptr_array_add (node->children, operand);
      return g_steal_pointer (&node);
    }

  if (accept_mark (parser, "("))
    {
      g_autoptr(Node) node = parse_or (parser);

      if (node == NULL || !expect_mark (parser, ")"))
        return NULL;
      if (node->in_parentheses)
        return refuse (parser, "The expression has redundant parentheses;"), NULL;
      node->in_parentheses = TRUE;
      return g_steal_pointer (&node);
    }

  return parse_comparison (parser);
}

static Node *
parse_chain (Parser     *parser,
             NodeKind    kind,
             const char *word,
             Node     *(*parse_part) (Parser *))
{
  g_autoptr(Node) left = parse_part (parser);

  while (left != NULL && accept_word (parser, word))
    {
      g_autoptr(Node) node = node_new (kind);
      Node *right = parse_part (parser);

      if (right == NULL)
        return NULL;
      g_ptr_array_add (node->children, g_steal_pointer (&left));
      g_ptr_array_add (node->children, right);
      left = g_steal_pointer (&node);
    }

  return g_steal_pointer (&left);
}

static Node *
parse_and (Parser *parser)
{
  return parse_chain (parser, NODE_AND, "AND", parse_not);
}

static Node *
parse_or (Parser *parser)
{
  return parse_chain (parser, NODE_OR, "OR", parse_and);
}

static Node *
parse_set_value (Parser *parser)
{
  g_autoptr(Node) left = NULL;
  g_autoptr(Node) node = NULL;
  gboolean in_parentheses = accept_mark (parser, "(");

  if (!(left = parse_operand (parser)))
    return NULL;

  if (is_mark (parser, "+") || is_mark (parser, "-"))
    {
      node = node_new (is_mark (parser, "+") ? NODE_PLUS : NODE_MINUS);
      parser->position++;
      g_ptr_array_add (node->children, g_steal_pointer (&left));
      if (!add_operand (parser, node))
        return NULL;
      for (guint i = 0; i < 2; i++)
        if (value_type (node_child (node, i)) && !g_str_equal (value_type (node_child (node, i)), "N"))
          return refuse (parser, "Incorrect operand type for operator or function; operator or function: %s, operand type: %s",
                         node->kind == NODE_PLUS ? "+" : "-", value_type (node_child (node, i))), NULL;
      left = g_steal_pointer (&node);
    }

  if (in_parentheses && !expect_mark (parser, ")"))
    return NULL;

  return g_steal_pointer (&left);
}

static gboolean
check_set_operand (Parser *parser,
                   Node   *operand,
                   Node   *clause)
{
  const char *type = value_type (operand);
  const char *name = clause->kind == NODE_ADD ? "ADD" : "DELETE";
  static const char *sets[] = { "SS", "NS", "BS", NULL };
  static const struct { const char *type; const char *name; } names[] = {
    { "S", "STRING" }, { "N", "NUMBER" }, { "B", "BINARY" }, { "BOOL", "BOOLEAN" }, { "NULL", "NULL" }, { "L", "LIST" }, { "M", "MAP" },
  };

  if (type == NULL || g_strv_contains (sets, type) || (clause->kind == NODE_ADD && g_str_equal (type, "N")))
    return TRUE;

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (g_str_equal (names[i].type, type))
      type = names[i].name;

  return refuse (parser, "Incorrect operand type for operator or function; operator: %s, operand type: %s, typeSet: ALLOWED_FOR_%s_OPERAND",
                 name, type, name);
}

static Node *
parse_action (Parser *parser,
              Node   *clause)
{
  g_autoptr(Node) action = node_new (NODE_LIST);
  Node *part = parse_path (parser);

  if (part == NULL)
    return NULL;
  g_ptr_array_add (action->children, part);
  if (clause->kind == NODE_REMOVE)
    return g_steal_pointer (&action);

  if (clause->kind == NODE_SET)
    {
      if (!expect_mark (parser, "=") || !(part = parse_set_value (parser)))
        return NULL;
    }
  else
    {
      if (peek (parser)->kind != TOKEN_VALUE)
        return refuse_syntax (parser), NULL;
      if (!(part = parse_value (parser)))
        return NULL;
    }

  g_ptr_array_add (action->children, part);
  if ((clause->kind == NODE_ADD || clause->kind == NODE_DELETE) && !check_set_operand (parser, part, clause))
    return NULL;

  return g_steal_pointer (&action);
}

static gboolean
check_overlap (Parser *parser,
               GArray *first,
               GArray *second)
{
  guint shared = MIN (first->len, second->len);
  g_autofree char *one = NULL, *two = NULL;

  for (guint i = 0; i < shared; i++)
    {
      Step *a = path_step (first, i);
      Step *b = path_step (second, i);

      if (g_strcmp0 (a->name, b->name) != 0 || (a->name == NULL && a->index != b->index))
        return TRUE;
    }

  one = practice_path_describe (first);
  two = practice_path_describe (second);

  return refuse (parser, "Two document paths overlap with each other; must remove or rewrite one of these paths; path one: %s, path two: %s", one, two);
}

static gboolean
check_paths (Parser    *parser,
             GPtrArray *paths)
{
  for (guint i = 0; i < paths->len; i++)
    for (guint j = i + 1; j < paths->len; j++)
      if (!check_overlap (parser, g_ptr_array_index (paths, i), g_ptr_array_index (paths, j)))
        return FALSE;

  return TRUE;
}

static Node *
parse_update (Parser *parser)
{
  static const struct { const char *word; NodeKind kind; } clauses[] = {
    { "SET", NODE_SET }, { "REMOVE", NODE_REMOVE }, { "ADD", NODE_ADD }, { "DELETE", NODE_DELETE },
  };
  g_autoptr(Node) root = node_new (NODE_LIST);
  g_autoptr(GPtrArray) paths = g_ptr_array_new ();
  guint seen = 0;

  do
    {
      Node *clause = NULL;
      guint i;

      for (i = 0; i < G_N_ELEMENTS (clauses); i++)
        if (accept_word (parser, clauses[i].word))
          break;
      if (i == G_N_ELEMENTS (clauses))
        return refuse_syntax (parser), NULL;
      if (seen & (1 << i))
        return refuse (parser, "The \"%s\" section can only be used once in an update expression;", clauses[i].word), NULL;
      seen |= 1 << i;

      clause = node_new (clauses[i].kind);
      g_ptr_array_add (root->children, clause);
      do
        {
          Node *action = parse_action (parser, clause);

          if (action == NULL)
            return NULL;
          g_ptr_array_add (clause->children, action);
          g_ptr_array_add (paths, node_child (action, 0)->path);
        }
      while (accept_mark (parser, ","));
    }
  while (peek (parser)->kind != TOKEN_END);

  return check_paths (parser, paths) ? g_steal_pointer (&root) : NULL;
}

static Node *
parse_projection (Parser *parser)
{
  g_autoptr(Node) root = node_new (NODE_LIST);
  g_autoptr(GPtrArray) paths = g_ptr_array_new ();

  do
    {
      Node *path = parse_path (parser);

      if (path == NULL)
        return NULL;
      g_ptr_array_add (root->children, path);
      g_ptr_array_add (paths, path->path);
    }
  while (accept_mark (parser, ","));

  return check_paths (parser, paths) ? g_steal_pointer (&root) : NULL;
}

/**
 * practice_expression_new:
 * @kind: what the expression is for
 * @text: the expression
 * @scope: its names and values
 * @error: return location for an error
 *
 * Parses an expression of DynamoDB. The same grammar serves all kinds.
 *
 * Returns: (transfer full): the expression, or %NULL with the sentence that DynamoDB answers
 */
PracticeExpression *
practice_expression_new (PracticeExpressionKind    kind,
                         const char               *text,
                         PracticeExpressionScope  *scope,
                         GError                  **error)
{
  g_autoptr(GArray) tokens = g_array_new (FALSE, FALSE, sizeof (Token));
  Parser parser = { kind, text, tokens, 0, scope, error };
  g_autoptr(Node) root = NULL;
  PracticeExpression *self;

  if (strlen (text) > MAX_EXPRESSION)
    return refuse (&parser, "Expression size has exceeded the maximum allowed size; expression size: %" G_GSIZE_FORMAT, strlen (text)), NULL;

  g_array_set_clear_func (tokens, (GDestroyNotify) token_clear);
  tokenize (&parser);
  if (peek (&parser)->kind == TOKEN_END)
    return refuse (&parser, "The expression can not be empty;"), NULL;

  root = kind == PRACTICE_EXPRESSION_UPDATE ? parse_update (&parser)
         : kind == PRACTICE_EXPRESSION_PROJECTION ? parse_projection (&parser)
         : parse_or (&parser);
  if (root == NULL)
    return NULL;
  if (peek (&parser)->kind != TOKEN_END)
    return refuse_syntax (&parser), NULL;

  self = g_new0 (PracticeExpression, 1);
  self->kind = kind;
  self->root = g_steal_pointer (&root);

  return self;
}

void
practice_expression_free (PracticeExpression *self)
{
  if (self == NULL)
    return;

  node_free (self->root);
  g_free (self);
}
