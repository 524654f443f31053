/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include <json-glib/json-glib.h>
#include <string.h>

#include "porch-practice-attribute.h"
#include "porch-practice-expression.h"

static JsonObject *
parse (const char *text)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonNode) node = json_from_string (text, &error);

  g_assert_no_error (error);

  return json_object_ref (json_node_get_object (node));
}

static char *
print (JsonObject *object)
{
  g_autoptr(JsonNode) node = json_node_init_object (json_node_alloc (), object);

  return json_to_string (node, FALSE);
}

#define ITEM "{'n':{'N':'5'},'s':{'S':'hello'},'l':{'L':[{'S':'a'},{'N':'2'}]},'m':{'M':{'deep':{'BOOL':true}}},'t':{'SS':['x','y']},'b':{'B':'AP8='}}"
#define VALUES "{':one':{'N':'1'},':five':{'N':'5.0'},':ten':{'N':'10'},':he':{'S':'he'},':x':{'S':'x'},':S':{'S':'S'},':bytes':{'B':'AA=='},':set':{'SS':['y','x']}}"
#define NAMES "{'#n':'n','#d':'deep','#none':'none'}"

static char *
quote (const char *text)
{
  return g_strdelimit (g_strdup (text), "'", '"');
}

static PracticeExpressionScope *
make_scope (const char *names,
            const char *values)
{
  g_autofree char *text = g_strdup_printf ("{\"ExpressionAttributeNames\":%s,\"ExpressionAttributeValues\":%s}", names, values);
  g_autoptr(JsonObject) request = parse (text);
  g_autoptr(GError) error = NULL;
  PracticeExpressionScope *scope = practice_expression_scope_new (request, &error);

  g_assert_no_error (error);

  return scope;
}

static PracticeExpressionScope *
default_scope (void)
{
  g_autofree char *names = quote (NAMES);
  g_autofree char *values = quote (VALUES);

  return make_scope (names, values);
}

static void
test_conditions (void)
{
  static const struct { const char *text; gboolean matches; } table[] = {
    { "n = :five", TRUE }, { "#n<>:five", FALSE }, { "n < :ten", TRUE }, { "n >= :ten", FALSE }, { "n > :he", FALSE },
    { "attribute_exists(m.#d)", TRUE }, { "attribute_exists(m.deeper)", FALSE }, { "attribute_not_exists(#none)", TRUE },
    { "attribute_exists(l[1])", TRUE }, { "attribute_exists(l[2])", FALSE }, { "l[1] = :five", FALSE },
    { "begins_with(s, :he)", TRUE }, { "begins_with(b, :bytes)", TRUE }, { "contains(t, :x)", TRUE }, { "contains(s, :he)", TRUE },
    { "size(s) = :five", TRUE }, { "size(l) > :one", TRUE }, { "attribute_type(s, :S)", TRUE }, { "t = :set", TRUE },
    { "n between :one and :ten", TRUE }, { "n IN (:one, :ten, :five)", TRUE }, { "NOT n = :five", FALSE }, { "not (n = :five)", FALSE },
    { "n = :one OR n = :five AND s = :he", FALSE }, { "(n = :five OR s = :he) AND attribute_exists(s)", TRUE },
    { "#none = :five", FALSE }, { "#none <> :five", TRUE }, { "NOT NOT n = :five", TRUE },
  };
  g_autofree char *text = quote (ITEM);
  g_autoptr(JsonObject) item = parse (text);

  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    {
      g_autoptr(PracticeExpressionScope) scope = default_scope ();
      g_autoptr(GError) error = NULL;
      g_autoptr(PracticeExpression) expression = practice_expression_new (PRACTICE_EXPRESSION_CONDITION, table[i].text, scope, &error);

      g_test_message ("%s", table[i].text);
      g_assert_no_error (error);
      g_assert_cmpint (practice_expression_matches (expression, item), ==, table[i].matches);
    }
}

static void
test_refused (void)
{
  static const struct { PracticeExpressionKind kind; const char *text; const char *message; } table[] = {
    { PRACTICE_EXPRESSION_CONDITION, "", "Invalid ConditionExpression: The expression can not be empty;" },
    { PRACTICE_EXPRESSION_CONDITION, "n", "Invalid ConditionExpression: Syntax error; token: \"<EOF>\", near: \"n\"" },
    { PRACTICE_EXPRESSION_FILTER, "n = = :one", "Invalid FilterExpression: Syntax error; token: \"=\", near: \"= = :one\"" },
    { PRACTICE_EXPRESSION_CONDITION, "(n = :one", "Invalid ConditionExpression: Syntax error; token: \"<EOF>\", near: \":one\"" },
    { PRACTICE_EXPRESSION_CONDITION, "n = :one)", "Invalid ConditionExpression: Syntax error; token: \")\", near: \":one)\"" },
    { PRACTICE_EXPRESSION_CONDITION, "((n = :one))", "Invalid ConditionExpression: The expression has redundant parentheses;" },
    { PRACTICE_EXPRESSION_CONDITION, "name = :one", "Invalid ConditionExpression: Attribute name is a reserved keyword; reserved keyword: name" },
    { PRACTICE_EXPRESSION_CONDITION, "#x = :one", "Invalid ConditionExpression: An expression attribute name used in the document path is not defined; attribute name: #x" },
    { PRACTICE_EXPRESSION_CONDITION, "n = :no", "Invalid ConditionExpression: An expression attribute value used in expression is not defined; attribute value: :no" },
    { PRACTICE_EXPRESSION_CONDITION, "f(n)", "Invalid ConditionExpression: Invalid function name; function: f" },
    { PRACTICE_EXPRESSION_CONDITION, "attribute_exists(:one)", "Invalid ConditionExpression: Operator or function requires a document path; operator or function: attribute_exists" },
    { PRACTICE_EXPRESSION_UPDATE, "n = :one", "Invalid UpdateExpression: Syntax error; token: \"n\", near: \"n =\"" },
    { PRACTICE_EXPRESSION_UPDATE, "SET n = :one, n = :ten", "Invalid UpdateExpression: Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [n], path two: [n]" },
    { PRACTICE_EXPRESSION_UPDATE, "SET m.a = :one REMOVE m", "Invalid UpdateExpression: Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [m, a], path two: [m]" },
    { PRACTICE_EXPRESSION_UPDATE, "SET n = :one SET s = :x", "Invalid UpdateExpression: The \"SET\" section can only be used once in an update expression;" },
    { PRACTICE_EXPRESSION_UPDATE, "ADD n :x", "Invalid UpdateExpression: Incorrect operand type for operator or function; operator: ADD, operand type: STRING, typeSet: ALLOWED_FOR_ADD_OPERAND" },
    { PRACTICE_EXPRESSION_PROJECTION, "n, n", "Invalid ProjectionExpression: Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [n], path two: [n]" },
    { PRACTICE_EXPRESSION_PROJECTION, "l[x]", "Invalid ProjectionExpression: Syntax error; token: \"x\", near: \"[x]\"" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    {
      g_autoptr(PracticeExpressionScope) scope = default_scope ();
      g_autoptr(GError) error = NULL;

      g_test_message ("%s", table[i].text);
      g_assert_null (practice_expression_new (table[i].kind, table[i].text, scope, &error));
      g_assert_cmpstr (error->message, ==, table[i].message);
    }
}

static void
test_updates (void)
{
  static const struct { const char *text; const char *item; const char *after; } table[] = {
    { "SET n = n + :one", "{'n':{'N':'5'}}", "{'n':{'N':'6'}}" },
    { "SET n = :one - n", "{'n':{'N':'0.1'}}", "{'n':{'N':'0.9'}}" },
    { "SET n = if_not_exists(n, :one)", "{}", "{'n':{'N':'1'}}" },
    { "SET a = b, b = a", "{'a':{'N':'1'},'b':{'N':'2'}}", "{'a':{'N':'2'},'b':{'N':'1'}}" },
    { "REMOVE l[0], l[2]", "{'l':{'L':[{'N':'0'},{'N':'1'},{'N':'2'}]}}", "{'l':{'L':[{'N':'1'}]}}" },
    { "SET l[5] = :x", "{'l':{'L':[]}}", "{'l':{'L':[{'S':'x'}]}}" },
    { "SET l = list_append(l, l)", "{'l':{'L':[{'S':'x'}]}}", "{'l':{'L':[{'S':'x'},{'S':'x'}]}}" },
    { "ADD n :one DELETE t :set", "{'t':{'SS':['x','y','z']}}", "{'t':{'SS':['z']},'n':{'N':'1'}}" },
    { "DELETE t :set", "{'t':{'SS':['x']}}", "{}" },
    { "SET m.#d = :x REMOVE gone.deep", "{'m':{'M':{}},'gone':{'M':{}}}", "{'m':{'M':{'deep':{'S':'x'}}},'gone':{'M':{}}}" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    {
      g_autofree char *before = quote (table[i].item);
      g_autofree char *wanted = quote (table[i].after);
      g_autoptr(JsonObject) item = parse (before);
      g_autoptr(PracticeExpressionScope) scope = default_scope ();
      g_autoptr(GError) error = NULL;
      g_autoptr(PracticeExpression) expression = practice_expression_new (PRACTICE_EXPRESSION_UPDATE, table[i].text, scope, &error);
      g_autofree char *after = NULL;

      g_test_message ("%s", table[i].text);
      g_assert_no_error (error);
      g_assert_true (practice_expression_update (expression, item, &error));
      g_assert_no_error (error);
      after = print (item);
      g_assert_cmpstr (after, ==, wanted);
    }
}

static void
test_projection (void)
{
  g_autofree char *text = quote (ITEM);
  g_autoptr(JsonObject) item = parse (text);
  g_autoptr(PracticeExpressionScope) scope = default_scope ();
  g_autoptr(GError) error = NULL;
  g_autoptr(PracticeExpression) expression = practice_expression_new (PRACTICE_EXPRESSION_PROJECTION, "l[1], m.#d, #none, s.nothing, n", scope, &error);
  g_autoptr(JsonObject) part = NULL;
  g_autofree char *printed = NULL;
  g_autofree char *wanted = quote ("{'l':{'L':[{'N':'2'}]},'m':{'M':{'deep':{'BOOL':true}}},'n':{'N':'5'}}");

  g_assert_no_error (error);
  part = practice_expression_project (expression, item);
  printed = print (part);
  g_assert_cmpstr (printed, ==, wanted);
}

static void
test_numbers (void)
{
  static const struct { const char *a; const char *b; const char *sum; const char *difference; } table[] = {
    { "1", "2", "3", "-1" }, { "0.1", "0.2", "0.3", "-0.1" }, { "-5", "5", "0", "-10" }, { "999", "1", "1000", "998" },
    { "1000", "0.001", "1000.001", "999.999" }, { "1e20", "1", "100000000000000000001", "99999999999999999999" },
    { "-0.5", "-0.25", "-0.75", "-0.25" }, { "0", "7", "7", "-7" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    {
      g_autofree char *sum = practice_number_add (table[i].a, table[i].b, FALSE, NULL);
      g_autofree char *difference = practice_number_add (table[i].a, table[i].b, TRUE, NULL);

      g_assert_cmpstr (sum, ==, table[i].sum);
      g_assert_cmpstr (difference, ==, table[i].difference);
    }

  g_assert_null (practice_number_add ("1e125", "1e-130", FALSE, NULL));
  g_assert_cmpint (practice_number_compare ("-2", "-10"), >, 0);
  g_assert_cmpint (practice_number_compare ("0.10", "0.1"), ==, 0);
}

/* Whatever the text, there is an expression or an error, and nothing else happens. */
static void
test_garbage (void)
{
  static const char *pieces[] = {
    "SET", "REMOVE", "ADD", "DELETE", "n", "#n", "#", ":one", ":", "=", "<>", "<", ">=", "(", ")", "[", "]", "0", "99999999999999999999", ".", ",", "+",
    "-", "AND", "OR", "NOT", "BETWEEN", "IN", "size", "attribute_exists", "begins_with", "contains", "list_append", "if_not_exists", " ", "\t", "é", "\xff",
    "\x01", "'", "!", "m.deep", "l[1]", "t", ":set", ":x",
  };
  g_autofree char *text = quote (ITEM);
  guint good = 0;

  for (guint i = 0; i < 20000; i++)
    {
      g_autoptr(GString) garbage = g_string_new (NULL);
      PracticeExpressionKind kind = g_test_rand_int_range (0, 5);
      g_autoptr(PracticeExpressionScope) scope = default_scope ();
      g_autoptr(PracticeExpression) expression = NULL;
      g_autoptr(GError) error = NULL;
      guint n = g_test_rand_int_range (1, 16);

      for (guint j = 0; j < n; j++)
        g_string_append_printf (garbage, "%s%s", pieces[g_test_rand_int_range (0, G_N_ELEMENTS (pieces))], g_test_rand_bit () ? " " : "");

      expression = practice_expression_new (kind, garbage->str, scope, &error);
      g_assert_true ((expression == NULL) == (error != NULL));
      if (expression)
        {
          g_autoptr(JsonObject) item = parse (text);
          g_autoptr(GError) problem = NULL;

          good++;
          if (kind == PRACTICE_EXPRESSION_UPDATE)
            g_assert_true (practice_expression_update (expression, item, &problem) == (problem == NULL));
          else if (kind == PRACTICE_EXPRESSION_PROJECTION)
            json_object_unref (practice_expression_project (expression, item));
          else
            practice_expression_matches (expression, item);
        }
    }

  g_test_message ("%u of 20000 were expressions", good);
}

static void
test_deep (void)
{
  g_autoptr(GString) text = g_string_new (NULL);
  g_autoptr(PracticeExpressionScope) scope = default_scope ();
  g_autoptr(GError) error = NULL;

  for (guint i = 0; i < 4000; i++)
    g_string_append_c (text, '(');
  g_assert_null (practice_expression_new (PRACTICE_EXPRESSION_CONDITION, text->str, scope, &error));
  g_assert_nonnull (error);
  g_clear_error (&error);

  g_string_assign (text, "n = :one");
  while (text->len < 4080)
    g_string_prepend (text, "NOT ");
  {
    g_autoptr(PracticeExpression) expression = practice_expression_new (PRACTICE_EXPRESSION_CONDITION, text->str, scope, &error);

    g_assert_no_error (error);
    g_assert_nonnull (expression);
  }

  while (text->len < 5000)
    g_string_prepend (text, "NOT ");
  g_assert_null (practice_expression_new (PRACTICE_EXPRESSION_CONDITION, text->str, scope, &error));
  g_assert_true (g_str_has_prefix (error->message, "Invalid ConditionExpression: Expression size has exceeded the maximum allowed size;"));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/practice/expression/conditions", test_conditions);
  g_test_add_func ("/practice/expression/refused", test_refused);
  g_test_add_func ("/practice/expression/updates", test_updates);
  g_test_add_func ("/practice/expression/projection", test_projection);
  g_test_add_func ("/practice/expression/numbers", test_numbers);
  g_test_add_func ("/practice/expression/garbage", test_garbage);
  g_test_add_func ("/practice/expression/deep", test_deep);

  return g_test_run ();
}
