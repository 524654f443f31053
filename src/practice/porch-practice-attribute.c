/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "porch-practice-attribute.h"
#include "porch-practice-fault.h"

#define MAX_DIGITS    38
#define MAX_MAGNITUDE 125
#define MIN_MAGNITUDE -130
#define MAX_NESTING   32

/* 0.DIGITS times ten to the exponent; no leading and no trailing zero digit;
 * zero has no digits. Room for two numbers at opposite ends of the range. */
typedef struct
{
  gboolean negative;
  int      n_digits;
  int      exponent;
  guint8   digits[320];
} Number;

static gboolean
number_trim (Number *number)
{
  int start = 0;

  while (start < number->n_digits && number->digits[start] == 0)
    start++;

  memmove (number->digits, number->digits + start, number->n_digits - start);
  number->n_digits -= start;
  number->exponent -= start;

  while (number->n_digits > 0 && number->digits[number->n_digits - 1] == 0)
    number->n_digits--;

  if (number->n_digits == 0)
    {
      number->negative = FALSE;
      number->exponent = 0;
    }

  return TRUE;
}

static gboolean
number_scan_exponent (const char *text,
                      int        *exponent)
{
  gboolean negative = *text == '-';
  int value = 0;

  if (*text == '-' || *text == '+')
    text++;
  if (*text == '\0')
    return FALSE;

  for (; *text; text++)
    {
      if (!g_ascii_isdigit (*text))
        return FALSE;
      value = MIN (value * 10 + (*text - '0'), 100000);
    }

  *exponent += negative ? -value : value;

  return TRUE;
}

static gboolean
number_scan (Number     *number,
             const char *text)
{
  gboolean point = FALSE, any = FALSE;

  memset (number, 0, sizeof *number);
  number->negative = *text == '-';
  if (*text == '-' || *text == '+')
    text++;

  for (; *text && *text != 'e' && *text != 'E'; text++)
    {
      if (*text == '.' && !point)
        {
          point = TRUE;
          continue;
        }
      if (!g_ascii_isdigit (*text))
        return FALSE;

      any = TRUE;
      if (!point)
        number->exponent++;
      if (number->n_digits == 0 && *text == '0')
        {
          number->exponent--;
          continue;
        }
      if (number->n_digits == G_N_ELEMENTS (number->digits))
        return FALSE;
      number->digits[number->n_digits++] = *text - '0';
    }

  if (!any || (*text && !number_scan_exponent (text + 1, &number->exponent)))
    return FALSE;

  return number_trim (number);
}

static gboolean
number_check (const Number  *number,
              GError       **error)
{
  if (number->n_digits > MAX_DIGITS)
    return practice_refuse (error, PRACTICE_FAULT_VALIDATION,
                            "Attempting to store more than 38 significant digits in a Number");
  if (number->n_digits > 0 && number->exponent - 1 > MAX_MAGNITUDE)
    return practice_refuse (error, PRACTICE_FAULT_VALIDATION,
                            "Number overflow. Attempting to store a number with magnitude larger than supported range");
  if (number->n_digits > 0 && number->exponent - 1 < MIN_MAGNITUDE)
    return practice_refuse (error, PRACTICE_FAULT_VALIDATION,
                            "Number underflow. Attempting to store a number with magnitude smaller than supported range");

  return TRUE;
}

static char *
number_print (const Number *number)
{
  g_autoptr(GString) text = g_string_new (number->negative ? "-" : "");

  if (number->n_digits == 0)
    return g_strdup ("0");

  if (number->exponent <= 0)
    {
      g_string_append (text, "0.");
      for (int i = number->exponent; i < 0; i++)
        g_string_append_c (text, '0');
    }

  for (int i = 0; i < number->n_digits; i++)
    {
      if (i == number->exponent && i > 0)
        g_string_append_c (text, '.');
      g_string_append_c (text, '0' + number->digits[i]);
    }

  for (int i = number->n_digits; i < number->exponent; i++)
    g_string_append_c (text, '0');

  return g_string_free (g_steal_pointer (&text), FALSE);
}

char *
practice_number_normalize (const char  *text,
                           GError     **error)
{
  Number number;

  if (!number_scan (&number, text))
    {
      practice_refuse (error, PRACTICE_FAULT_VALIDATION,
                       "The parameter cannot be converted to a numeric value%s%s",
                       *text ? ": " : "", text);
      return NULL;
    }

  return number_check (&number, error) ? number_print (&number) : NULL;
}

static int
number_compare_magnitude (const Number *a,
                          const Number *b)
{
  if (a->n_digits == 0 || b->n_digits == 0)
    return (a->n_digits > 0) - (b->n_digits > 0);
  if (a->exponent != b->exponent)
    return a->exponent < b->exponent ? -1 : 1;

  for (int i = 0; i < MAX (a->n_digits, b->n_digits); i++)
    {
      int left = i < a->n_digits ? a->digits[i] : 0;
      int right = i < b->n_digits ? b->digits[i] : 0;

      if (left != right)
        return left < right ? -1 : 1;
    }

  return 0;
}

int
practice_number_compare (const char *a,
                         const char *b)
{
  Number left, right;
  int order;

  number_scan (&left, a);
  number_scan (&right, b);

  if (left.negative != right.negative)
    return left.negative ? -1 : 1;

  order = number_compare_magnitude (&left, &right);

  return left.negative ? -order : order;
}

/* Digit of @number at the place whose weight is ten to the @place. */
static int
number_digit (const Number *number,
              int           place)
{
  int i = number->exponent - 1 - place;

  return i >= 0 && i < number->n_digits ? number->digits[i] : 0;
}

/* |a| + |b|, or |a| - |b| where |a| is not the smaller one. */
static void
number_combine (const Number *a,
                const Number *b,
                gboolean      subtract,
                Number       *sum)
{
  int top = MAX (a->exponent, b->exponent);
  int bottom = MIN (a->exponent - a->n_digits, b->exponent - b->n_digits);
  int carry = 0;

  sum->n_digits = top - bottom + 1;
  sum->exponent = top + 1;

  for (int place = bottom; place <= top; place++)
    {
      int digit = number_digit (a, place) + carry + (subtract ? -number_digit (b, place) : number_digit (b, place));

      carry = digit < 0 ? -1 : digit / 10;
      sum->digits[top - place] = (digit + 10) % 10;
    }
}

char *
practice_number_add (const char  *a,
                     const char  *b,
                     gboolean     subtract,
                     GError     **error)
{
  Number left, right, sum = { 0, };

  number_scan (&left, a);
  number_scan (&right, b);
  if (subtract)
    right.negative = !right.negative;

  if (right.n_digits == 0)
    return number_print (&left);
  if (left.n_digits == 0)
    return number_print (&right);

  if (left.negative == right.negative)
    {
      number_combine (&left, &right, FALSE, &sum);
      sum.negative = left.negative;
    }
  else if (number_compare_magnitude (&left, &right) >= 0)
    {
      number_combine (&left, &right, TRUE, &sum);
      sum.negative = left.negative;
    }
  else
    {
      number_combine (&right, &left, TRUE, &sum);
      sum.negative = right.negative;
    }

  number_trim (&sum);

  return number_check (&sum, error) ? number_print (&sum) : NULL;
}

const char *
practice_attribute_get_type (JsonNode *value)
{
  JsonObjectIter iter;
  const char *type = NULL;

  json_object_iter_init (&iter, json_node_get_object (value));
  json_object_iter_next (&iter, &type, NULL);

  return type;
}

JsonNode *
practice_attribute_get_content (JsonNode *value)
{
  JsonObjectIter iter;
  JsonNode *content = NULL;

  json_object_iter_init (&iter, json_node_get_object (value));
  json_object_iter_next (&iter, NULL, &content);

  return content;
}

JsonNode *
practice_attribute_new_string (const char *type,
                               const char *content)
{
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);

  json_node_take_object (node, json_object_new ());
  json_object_set_string_member (json_node_get_object (node), type, content);

  return node;
}

JsonNode *
practice_attribute_new_number (gint64 number)
{
  g_autofree char *text = g_strdup_printf ("%" G_GINT64_FORMAT, number);

  return practice_attribute_new_string ("N", text);
}

static gboolean
check_base64 (const char  *text,
              GError     **error)
{
  gsize length = strlen (text);
  gsize padding = g_str_has_suffix (text, "==") ? 2 : g_str_has_suffix (text, "=") ? 1 : 0;

  if (length % 4 != 0)
    return practice_refuse (error, PRACTICE_FAULT_SERIALIZATION,
                            "Base64 encoded length is expected a multiple of 4 bytes but found: %" G_GSIZE_FORMAT, length);

  for (gsize i = 0; i < length - padding; i++)
    if (!g_ascii_isalnum (text[i]) && text[i] != '+' && text[i] != '/')
      return practice_refuse (error, PRACTICE_FAULT_SERIALIZATION,
                              "Invalid last non-pad Base64 character dectected");

  return TRUE;
}

static gboolean
is_string (JsonNode *node)
{
  return JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING;
}

static gboolean
is_boolean (JsonNode *node)
{
  return JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_BOOLEAN;
}

static gboolean
refuse_form (const char  *expected,
             GError     **error)
{
  return practice_refuse (error, PRACTICE_FAULT_SERIALIZATION,
                          "Unexpected field type: expected %s", expected);
}

static char *
describe_set (JsonArray *set)
{
  g_autoptr(GString) text = g_string_new ("[");

  for (guint i = 0; i < json_array_get_length (set); i++)
    g_string_append_printf (text, "%s%s", i ? ", " : "", json_array_get_string_element (set, i));
  g_string_append_c (text, ']');

  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* Sets are stored with normalised numbers, each only once. */
static gboolean
check_set (JsonObject  *object,
           const char  *type,
           JsonNode    *content,
           GError     **error)
{
  g_autoptr(GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr(JsonArray) clean = json_array_new ();
  JsonArray *set;

  if (!JSON_NODE_HOLDS_ARRAY (content))
    return refuse_form ("a list", error);

  set = json_node_get_array (content);
  if (json_array_get_length (set) == 0)
    return practice_refuse (error, PRACTICE_FAULT_VALIDATION,
                            "One or more parameter values were invalid: An %s set  may not be empty",
                            *type == 'S' ? "string" : *type == 'N' ? "number" : "binary");

  for (guint i = 0; i < json_array_get_length (set); i++)
    {
      JsonNode *element = json_array_get_element (set, i);
      g_autofree char *text = NULL;

      if (!is_string (element))
        return refuse_form ("a string", error);
      if (*type == 'N')
        text = practice_number_normalize (json_node_get_string (element), error);
      else if (*type == 'S' || check_base64 (json_node_get_string (element), error))
        text = g_strdup (json_node_get_string (element));
      if (text == NULL)
        return FALSE;

      json_array_add_string_element (clean, text);
      if (!g_hash_table_add (seen, (gpointer) json_array_get_string_element (clean, i)))
        {
          g_autofree char *list = describe_set (set);

          return practice_refuse (error, PRACTICE_FAULT_VALIDATION,
                                  "One or more parameter values were invalid: Input collection %s contains duplicates.", list);
        }
    }

  g_hash_table_remove_all (seen);
  json_object_set_array_member (object, type, g_steal_pointer (&clean));

  return TRUE;
}

static gboolean check_value (JsonNode  *value,
                             guint      depth,
                             GError   **error);

static gboolean
check_container (JsonNode  *content,
                 gboolean   is_map,
                 guint      depth,
                 GError   **error)
{
  g_autoptr(GList) values = NULL;

  if (depth >= MAX_NESTING)
    return practice_refuse (error, PRACTICE_FAULT_VALIDATION,
                            "Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond supported limit");
  if (is_map ? !JSON_NODE_HOLDS_OBJECT (content) : !JSON_NODE_HOLDS_ARRAY (content))
    return refuse_form (is_map ? "a map" : "a list", error);

  values = is_map ? json_object_get_values (json_node_get_object (content))
                  : json_array_get_elements (json_node_get_array (content));
  for (GList *link = values; link; link = link->next)
    if (!check_value (link->data, depth + 1, error))
      return FALSE;

  return TRUE;
}

static gboolean
check_value (JsonNode  *value,
             guint      depth,
             GError   **error)
{
  JsonObject *object;
  JsonNode *content;
  const char *type;

  if (!JSON_NODE_HOLDS_OBJECT (value))
    return refuse_form ("a structure", error);

  object = json_node_get_object (value);
  if (json_object_get_size (object) > 1)
    return practice_refuse (error, PRACTICE_FAULT_VALIDATION,
                            "Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes");
  type = practice_attribute_get_type (value);
  if (type == NULL)
    return practice_refuse (error, PRACTICE_FAULT_VALIDATION,
                            "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes");
  content = practice_attribute_get_content (value);

  if (g_str_equal (type, "S"))
    return is_string (content) || refuse_form ("a string", error);

  if (g_str_equal (type, "N"))
    {
      g_autofree char *number = NULL;

      if (!is_string (content))
        return refuse_form ("a string", error);
      if (!(number = practice_number_normalize (json_node_get_string (content), error)))
        return FALSE;
      json_object_set_string_member (object, "N", number);
      return TRUE;
    }

  if (g_str_equal (type, "B"))
    return is_string (content) ? check_base64 (json_node_get_string (content), error) : refuse_form ("a blob", error);
  if (g_str_equal (type, "BOOL"))
    return is_boolean (content) || refuse_form ("a boolean", error);
  if (g_str_equal (type, "NULL"))
    return (is_boolean (content) && json_node_get_boolean (content)) ||
           practice_refuse (error, PRACTICE_FAULT_VALIDATION,
                            "One or more parameter values were invalid: Null attribute value types must have the value of true");
  if (g_str_equal (type, "SS") || g_str_equal (type, "NS") || g_str_equal (type, "BS"))
    return check_set (object, type, content, error);
  if (g_str_equal (type, "L") || g_str_equal (type, "M"))
    return check_container (content, *type == 'M', depth, error);

  return practice_refuse (error, PRACTICE_FAULT_VALIDATION,
                          "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes");
}

/**
 * practice_attribute_check:
 * @value: a value as it came over the wire
 * @error: return location for an error
 *
 * Checks a value and everything in it, and brings its numbers into the form
 * in which DynamoDB gives them back.
 *
 * Returns: whether the value can be used
 */
gboolean
practice_attribute_check (JsonNode  *value,
                          GError   **error)
{
  return check_value (value, 0, error);
}

gboolean
practice_attribute_check_map (JsonObject  *attributes,
                              GError     **error)
{
  g_autoptr(GList) values = json_object_get_values (attributes);

  for (GList *link = values; link; link = link->next)
    if (!check_value (link->data, 0, error))
      return FALSE;

  return TRUE;
}

static gboolean
set_contains (JsonArray  *set,
              const char *text)
{
  for (guint i = 0; i < json_array_get_length (set); i++)
    if (g_str_equal (json_array_get_string_element (set, i), text))
      return TRUE;

  return FALSE;
}

static gboolean
maps_equal (JsonObject *a,
            JsonObject *b)
{
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  if (json_object_get_size (a) != json_object_get_size (b))
    return FALSE;

  json_object_iter_init (&iter, a);
  while (json_object_iter_next (&iter, &name, &value))
    if (!json_object_has_member (b, name) || !practice_attribute_equal (value, json_object_get_member (b, name)))
      return FALSE;

  return TRUE;
}

static gboolean
lists_equal (JsonArray *a,
             JsonArray *b,
             gboolean   sets)
{
  if (json_array_get_length (a) != json_array_get_length (b))
    return FALSE;

  for (guint i = 0; i < json_array_get_length (a); i++)
    if (sets ? !set_contains (b, json_array_get_string_element (a, i))
             : !practice_attribute_equal (json_array_get_element (a, i), json_array_get_element (b, i)))
      return FALSE;

  return TRUE;
}

gboolean
practice_attribute_equal (JsonNode *a,
                          JsonNode *b)
{
  const char *type = practice_attribute_get_type (a);
  JsonNode *left, *right;

  if (!g_str_equal (type, practice_attribute_get_type (b)))
    return FALSE;

  left = practice_attribute_get_content (a);
  right = practice_attribute_get_content (b);

  if (g_str_equal (type, "BOOL") || g_str_equal (type, "NULL"))
    return json_node_get_boolean (left) == json_node_get_boolean (right);
  if (g_str_equal (type, "M"))
    return maps_equal (json_node_get_object (left), json_node_get_object (right));
  if (JSON_NODE_HOLDS_ARRAY (left))
    return lists_equal (json_node_get_array (left), json_node_get_array (right), type[1] == 'S');

  return g_str_equal (json_node_get_string (left), json_node_get_string (right));
}

/**
 * practice_attribute_compare:
 * @a: a value
 * @b: another value
 * @result: (out): their order
 *
 * Returns: whether the two are of one type that has an order (text, number, bytes)
 */
gboolean
practice_attribute_compare (JsonNode *a,
                            JsonNode *b,
                            int      *result)
{
  const char *type = practice_attribute_get_type (a);
  const char *left, *right;

  if (!g_str_equal (type, practice_attribute_get_type (b)) ||
      (!g_str_equal (type, "S") && !g_str_equal (type, "N") && !g_str_equal (type, "B")))
    return FALSE;

  left = json_node_get_string (practice_attribute_get_content (a));
  right = json_node_get_string (practice_attribute_get_content (b));

  if (*type == 'N')
    *result = practice_number_compare (left, right);
  else if (*type == 'S')
    *result = strcmp (left, right);
  else
    {
      g_autoptr(GBytes) first = practice_attribute_encode_key (a);
      g_autoptr(GBytes) second = practice_attribute_encode_key (b);

      *result = g_bytes_compare (first, second);
    }

  return TRUE;
}

static gsize
string_size (const char *type,
             const char *text)
{
  if (*type == 'N')
    {
      Number number;

      number_scan (&number, text);
      return number.n_digits / 2 + 2;
    }
  if (*type == 'B')
    return strlen (text) / 4 * 3 - (g_str_has_suffix (text, "==") ? 2 : g_str_has_suffix (text, "=") ? 1 : 0);

  return strlen (text);
}

gsize
practice_attribute_get_size (JsonNode *value)
{
  const char *type = practice_attribute_get_type (value);
  JsonNode *content = practice_attribute_get_content (value);
  gsize size = 0;

  if (g_str_equal (type, "BOOL") || g_str_equal (type, "NULL"))
    return 1;
  if (g_str_equal (type, "M"))
    return 3 + json_object_get_size (json_node_get_object (content)) +
           practice_attribute_get_map_size (json_node_get_object (content));
  if (!JSON_NODE_HOLDS_ARRAY (content))
    return string_size (type, json_node_get_string (content));

  for (guint i = 0; i < json_array_get_length (json_node_get_array (content)); i++)
    {
      JsonNode *element = json_array_get_element (json_node_get_array (content), i);

      size += *type == 'L' ? 1 + practice_attribute_get_size (element)
                           : string_size (type, json_node_get_string (element));
    }

  return size + (*type == 'L' ? 3 : 0);
}

gsize
practice_attribute_get_map_size (JsonObject *attributes)
{
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;
  gsize size = 0;

  json_object_iter_init (&iter, attributes);
  while (json_object_iter_next (&iter, &name, &value))
    size += strlen (name) + practice_attribute_get_size (value);

  return size;
}

/* Bytes whose memcmp() order is the order of the numbers: a byte for the sign,
 * one for the magnitude, the digits; all turned round below zero. */
static GBytes *
encode_number (const char *text)
{
  g_autoptr(GByteArray) bytes = g_byte_array_new ();
  Number number;
  guint8 byte;

  number_scan (&number, text);

  byte = number.n_digits == 0 ? 1 : number.negative ? 0 : 2;
  g_byte_array_append (bytes, &byte, 1);
  if (number.n_digits == 0)
    return g_byte_array_free_to_bytes (g_steal_pointer (&bytes));

  byte = (guint8) CLAMP (number.exponent + 129, 0, 255);
  g_byte_array_append (bytes, &byte, 1);
  for (int i = 0; i < number.n_digits; i++)
    {
      byte = number.digits[i] + 1;
      g_byte_array_append (bytes, &byte, 1);
    }
  byte = 0;
  g_byte_array_append (bytes, &byte, 1);

  if (number.negative)
    for (guint i = 1; i < bytes->len; i++)
      bytes->data[i] = 255 - bytes->data[i];

  return g_byte_array_free_to_bytes (g_steal_pointer (&bytes));
}

/**
 * practice_attribute_encode_key:
 * @value: a text, number or bytes
 *
 * Returns: (transfer full): bytes that sort as DynamoDB sorts the values
 */
GBytes *
practice_attribute_encode_key (JsonNode *value)
{
  const char *type = practice_attribute_get_type (value);
  const char *text = json_node_get_string (practice_attribute_get_content (value));

  if (*type == 'N')
    return encode_number (text);
  if (*type == 'B')
    {
      gsize length;
      guint8 *data = g_base64_decode (text, &length);

      return g_bytes_new_take (data, length);
    }

  return g_bytes_new (text, strlen (text));
}
