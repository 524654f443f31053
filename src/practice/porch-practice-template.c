/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "porch-practice-template.h"

#include <string.h>

#include "aws-json.h"
#include "porch-practice-fault.h"
#include "porch-practice-resources.h"

static const char *sections[] = {
  "AWSTemplateFormatVersion", "Description", "Metadata", "Parameters", "Mappings", "Conditions", "Resources", "Outputs", NULL
};

static const char *resource_members[] = {
  "Type", "Properties", "DependsOn", "Condition", "DeletionPolicy", "UpdateReplacePolicy", "Metadata", "CreationPolicy",
  "UpdatePolicy", NULL
};

static const char *pseudo_parameters[] = {
  "AWS::AccountId", "AWS::NoValue", "AWS::NotificationARNs", "AWS::Partition", "AWS::Region", "AWS::StackId",
  "AWS::StackName", "AWS::URLSuffix", NULL
};

static gboolean
refuse (GError     **error,
        const char  *format,
        ...)
{
  g_autofree char *text = NULL;
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);

  return practice_refuse (error, PRACTICE_FAULT_VALIDATION_ERROR, "%s", text);
}

void
practice_template_free (PracticeTemplate *self)
{
  if (self == NULL || --self->uses > 0)
    return;

  g_free (self->text);
  g_clear_pointer (&self->root, json_object_unref);
  g_clear_pointer (&self->parameters, json_object_unref);
  g_clear_pointer (&self->mappings, json_object_unref);
  g_clear_pointer (&self->conditions, json_object_unref);
  g_clear_pointer (&self->resources, json_object_unref);
  g_clear_pointer (&self->outputs, json_object_unref);
  g_free (self);
}

static gboolean
check_no_null (JsonNode    *node,
               const char  *path,
               GError     **error)
{
  if (JSON_NODE_HOLDS_NULL (node))
    return refuse (error, "Template format error: [%s] 'null' values are not allowed in templates", path);

  if (JSON_NODE_HOLDS_OBJECT (node))
    {
      JsonObjectIter iter;
      const char *name;
      JsonNode *value;

      json_object_iter_init_ordered (&iter, json_node_get_object (node));
      while (json_object_iter_next_ordered (&iter, &name, &value))
        {
          g_autofree char *inner = g_strdup_printf ("%s/%s", path, name);

          if (!check_no_null (value, inner, error))
            return FALSE;
        }
    }
  else if (JSON_NODE_HOLDS_ARRAY (node))
    {
      JsonArray *array = json_node_get_array (node);

      for (guint i = 0; i < json_array_get_length (array); i++)
        {
          g_autofree char *inner = g_strdup_printf ("%s/%u", path, i);

          if (!check_no_null (json_array_get_element (array, i), inner, error))
            return FALSE;
        }
    }

  return TRUE;
}

static gboolean
take_section (PracticeTemplate  *self,
              const char        *name,
              JsonObject       **section,
              GError           **error)
{
  JsonNode *node = json_object_get_member (self->root, name);

  if (node && !JSON_NODE_HOLDS_OBJECT (node))
    return refuse (error, "Template format error: Template format error: unsupported structure in %s.", name);

  *section = node ? json_object_ref (json_node_get_object (node)) : json_object_new ();

  return TRUE;
}

static gboolean
check_sections (PracticeTemplate  *self,
                GError           **error)
{
  g_autoptr(GList) members = json_object_get_members (self->root);
  g_autoptr(GString) unknown = g_string_new (NULL);
  const char *version = aws_json_get_string (self->root, "AWSTemplateFormatVersion");

  for (GList *link = members; link; link = link->next)
    {
      if (g_str_equal (link->data, "Transform") || g_str_equal (link->data, "Rules") || g_str_equal (link->data, "Hooks"))
        return refuse (error, "Template format error: the practice cloud has no %s in templates", (char *) link->data);
      if (!g_strv_contains (sections, link->data))
        g_string_append_printf (unknown, "%s%s", unknown->len ? ", " : "", (char *) link->data);
    }

  if (unknown->len > 0)
    return refuse (error, "Invalid template property or properties [%s]", unknown->str);
  if (version && !g_str_equal (version, "2010-09-09"))
    return refuse (error, "Template format error: Unsupported template format version: %s", version);

  return take_section (self, "Parameters", &self->parameters, error) &&
         take_section (self, "Mappings", &self->mappings, error) &&
         take_section (self, "Conditions", &self->conditions, error) &&
         take_section (self, "Resources", &self->resources, error) &&
         take_section (self, "Outputs", &self->outputs, error);
}

static gboolean
check_policy (JsonObject  *resource,
              const char  *logical_id,
              const char  *member,
              GError     **error)
{
  static const char *policies[] = { "Delete", "Retain", "RetainExceptOnCreate", "Snapshot", NULL };
  const char *policy = aws_json_get_string (resource, member);

  if (!json_object_has_member (resource, member))
    return TRUE;
  if (policy == NULL || !g_strv_contains (policies, policy))
    return refuse (error, "Template format error: Unrecognized %s %s for resource %s", member, policy ? policy : "", logical_id);
  if (g_str_equal (policy, "Snapshot") || (g_str_equal (member, "UpdateReplacePolicy") && g_str_equal (policy, "RetainExceptOnCreate")))
    return refuse (error, "Template error: resource type %s does not support %s %s", aws_json_get_string (resource, "Type"), member, policy);

  return TRUE;
}

static gboolean
check_condition_name (PracticeTemplate  *self,
                      JsonObject        *entry,
                      const char        *block,
                      GError           **error)
{
  const char *condition = aws_json_get_string (entry, "Condition");

  if (condition && !json_object_has_member (self->conditions, condition))
    return refuse (error, "Template format error: Unresolved condition dependency %s in the %s block of the template", condition, block);

  return TRUE;
}

static gboolean
check_resource (PracticeTemplate  *self,
                const char        *logical_id,
                JsonNode          *node,
                GString           *unknown_types,
                GError           **error)
{
  g_autoptr(GList) members = NULL;
  JsonObject *resource;
  const char *type;

  if (!g_regex_match_simple ("^[A-Za-z0-9]{1,255}$", logical_id, G_REGEX_DEFAULT, G_REGEX_MATCH_DEFAULT))
    return refuse (error, "Template format error: Resource name %s is non alphanumeric.", logical_id);
  if (!JSON_NODE_HOLDS_OBJECT (node))
    return refuse (error, "Template format error: [/Resources/%s] resource definition is malformed", logical_id);

  resource = json_node_get_object (node);
  type = aws_json_get_string (resource, "Type");
  if (type == NULL)
    return refuse (error, "Template format error: [/Resources/%s] Every Resources object must contain a Type member.", logical_id);
  if (!practice_type_is_known (type) && !strstr (unknown_types->str, type))
    g_string_append_printf (unknown_types, "%s%s", unknown_types->len ? ", " : "", type);

  members = json_object_get_members (resource);
  for (GList *link = members; link; link = link->next)
    if (!g_strv_contains (resource_members, link->data))
      return refuse (error, "Invalid template resource property '%s'", (char *) link->data);
  if (json_object_has_member (resource, "Properties") && !aws_json_get_object (resource, "Properties"))
    return refuse (error, "Template format error: [/Resources/%s/Properties] Properties must be an object", logical_id);

  return check_policy (resource, logical_id, "DeletionPolicy", error) &&
         check_policy (resource, logical_id, "UpdateReplacePolicy", error) &&
         check_condition_name (self, resource, "Resources", error);
}

static gboolean
check_reference (PracticeTemplate  *self,
                 const char        *name,
                 const char        *attribute,
                 const char        *block,
                 GError           **error)
{
  JsonObject *resource = aws_json_get_object (self->resources, name);

  if (attribute == NULL)
    return resource || json_object_has_member (self->parameters, name) || g_strv_contains (pseudo_parameters, name) ||
           refuse (error, "Template format error: Unresolved resource dependencies [%s] in the %s block of the template", name, block);

  if (resource == NULL)
    return refuse (error, "Template error: instance of Fn::GetAtt references undefined resource %s", name);
  if (!practice_type_has_attribute (aws_json_get_string (resource, "Type"), attribute))
    return refuse (error, "Template error: resource %s does not support attribute type %s in Fn::GetAtt", name, attribute);

  return TRUE;
}

/* Returns: (transfer full): the text of ${...}, not of ${!...}; *literal is what stands before it. */
char *
practice_sub_next (const char **text,
                   char       **literal)
{
  g_autoptr(GString) before = g_string_new (NULL);
  const char *at = *text;

  while (*at)
    {
      const char *end = g_str_has_prefix (at, "${") ? strchr (at, '}') : NULL;

      if (end && at[2] == '!')
        {
          g_string_append (before, "${");
          g_string_append_len (before, at + 3, end + 1 - (at + 3));
          at = end + 1;
        }
      else if (end)
        {
          char *name = g_strstrip (g_strndup (at + 2, end - at - 2));

          *text = end + 1;
          *literal = g_string_free (g_steal_pointer (&before), FALSE);
          return name;
        }
      else
        {
          g_string_append_c (before, *at++);
        }
    }

  *text = at;
  *literal = g_string_free (g_steal_pointer (&before), FALSE);

  return NULL;
}

typedef gboolean (*ReferenceFunc) (const char  *name,
                                   const char  *attribute,
                                   gpointer     data,
                                   GError     **error);

static gboolean
visit_sub (JsonNode       *argument,
           ReferenceFunc   visit,
           gpointer        data,
           GError        **error)
{
  gboolean is_list = JSON_NODE_HOLDS_ARRAY (argument) && json_array_get_length (json_node_get_array (argument)) == 2;
  const char *text = is_list ? aws_json_array_get_string (json_node_get_array (argument), 0)
                             : (JSON_NODE_HOLDS_VALUE (argument) ? json_node_get_string (argument) : NULL);
  JsonObject *variables = is_list ? aws_json_array_get_object (json_node_get_array (argument), 1) : NULL;

  if (text == NULL || (is_list && variables == NULL))
    return refuse (error, "Template error: One or more Fn::Sub intrinsic functions don't specify expected arguments. Specify a string as first argument, and an optional second argument to specify a mapping of values to replace in the string");

  while (*text)
    {
      g_autofree char *literal = NULL;
      g_autofree char *name = practice_sub_next (&text, &literal);
      char *dot = name ? strchr (name, '.') : NULL;

      if (name == NULL || (variables && json_object_has_member (variables, name)))
        continue;
      if (dot)
        *dot++ = '\0';
      if (!visit (name, dot, data, error))
        return FALSE;
    }

  return TRUE;
}

static gboolean
visit_get_att (JsonNode       *argument,
               ReferenceFunc   visit,
               gpointer        data,
               GError        **error)
{
  g_auto(GStrv) parts = NULL;

  if (JSON_NODE_HOLDS_VALUE (argument) && json_node_get_string (argument))
    parts = g_strsplit (json_node_get_string (argument), ".", 2);
  else if (JSON_NODE_HOLDS_ARRAY (argument) && json_array_get_length (json_node_get_array (argument)) == 2 &&
           aws_json_array_get_string (json_node_get_array (argument), 0) && aws_json_array_get_string (json_node_get_array (argument), 1))
    parts = g_strdupv ((char *[]) { (char *) aws_json_array_get_string (json_node_get_array (argument), 0),
                                    (char *) aws_json_array_get_string (json_node_get_array (argument), 1), NULL });

  if (parts == NULL || g_strv_length (parts) != 2 || !*parts[0] || !*parts[1])
    return refuse (error, "Template error: every Fn::GetAtt object requires two non-empty parameters, the resource name and the resource attribute");

  return visit (parts[0], parts[1], data, error);
}

/* Calls @visit for everything that @node refers to. @resolver, if there is one, drops the branches not taken. */
static gboolean
visit_references (PracticeResolver  *resolver,
                  JsonNode          *node,
                  ReferenceFunc      visit,
                  gpointer           data,
                  GError           **error)
{
  if (resolver)
    node = practice_resolver_choose (resolver, node);
  if (node == NULL)
    return TRUE;

  if (JSON_NODE_HOLDS_OBJECT (node))
    {
      JsonObject *object = json_node_get_object (node);
      JsonObjectIter iter;
      const char *name;
      JsonNode *value;

      if (json_object_get_size (object) == 1 && aws_json_get_string (object, "Ref"))
        return visit (aws_json_get_string (object, "Ref"), NULL, data, error);
      if (json_object_get_size (object) == 1 && json_object_has_member (object, "Fn::GetAtt"))
        return visit_get_att (json_object_get_member (object, "Fn::GetAtt"), visit, data, error);
      if (json_object_get_size (object) == 1 && json_object_has_member (object, "Fn::Sub") &&
          !visit_sub (json_object_get_member (object, "Fn::Sub"), visit, data, error))
        return FALSE;

      json_object_iter_init_ordered (&iter, object);
      while (json_object_iter_next_ordered (&iter, &name, &value))
        if (!visit_references (resolver, value, visit, data, error))
          return FALSE;
    }
  else if (JSON_NODE_HOLDS_ARRAY (node))
    {
      for (guint i = 0; i < json_array_get_length (json_node_get_array (node)); i++)
        if (!visit_references (resolver, json_array_get_element (json_node_get_array (node), i), visit, data, error))
          return FALSE;
    }

  return TRUE;
}

typedef struct
{
  PracticeTemplate *template;
  const char       *block;
} ReferenceCheck;

static gboolean
check_reference_cb (const char  *name,
                    const char  *attribute,
                    gpointer     data,
                    GError     **error)
{
  ReferenceCheck *check = data;

  if (g_str_equal (check->block, "Conditions") && json_object_has_member (check->template->resources, name))
    return refuse (error, "Template format error: Unresolved dependencies [%s]. Cannot reference resources in the Conditions block of the template", name);

  return check_reference (check->template, name, attribute, check->block, error);
}

static gboolean
check_depends_on (PracticeTemplate  *self,
                  JsonObject        *resource,
                  GError           **error)
{
  JsonArray *list = aws_json_get_array (resource, "DependsOn");
  const char *one = aws_json_get_string (resource, "DependsOn");

  for (guint i = 0; i < (list ? json_array_get_length (list) : one ? 1 : 0); i++)
    {
      const char *name = list ? aws_json_array_get_string (list, i) : one;

      if (name == NULL || !json_object_has_member (self->resources, name))
        return refuse (error, "Template format error: Unresolved resource dependencies [%s] in the Resources block of the template", name ? name : "");
    }

  return TRUE;
}

static gboolean
check_references (PracticeTemplate  *self,
                  GError           **error)
{
  struct { const char *name; JsonObject *section; } blocks[] = {
    { "Conditions", self->conditions }, { "Resources", self->resources }, { "Outputs", self->outputs },
  };

  for (guint i = 0; i < G_N_ELEMENTS (blocks); i++)
    {
      ReferenceCheck check = { self, blocks[i].name };
      JsonObjectIter iter;
      const char *name;
      JsonNode *value;

      json_object_iter_init_ordered (&iter, blocks[i].section);
      while (json_object_iter_next_ordered (&iter, &name, &value))
        {
          if (!visit_references (NULL, value, check_reference_cb, &check, error))
            return FALSE;
          if (i == 1 && !check_depends_on (self, json_node_get_object (value), error))
            return FALSE;
          if (i == 2 && (!JSON_NODE_HOLDS_OBJECT (value) || !json_object_has_member (json_node_get_object (value), "Value")))
            return refuse (error, "Template format error: Every Outputs member must contain a Value object");
          if (i == 2 && !check_condition_name (self, json_node_get_object (value), "Outputs", error))
            return FALSE;
        }
    }

  return TRUE;
}

static gboolean
check_resources (PracticeTemplate  *self,
                 GError           **error)
{
  g_autoptr(GString) unknown = g_string_new (NULL);
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  if (json_object_get_size (self->resources) == 0)
    return refuse (error, "Template format error: At least one Resources member must be defined.");
  if (json_object_get_size (self->resources) > 500)
    return refuse (error, "Template format error: Number of resources, %u, is greater than maximum allowed, 500", json_object_get_size (self->resources));

  json_object_iter_init_ordered (&iter, self->resources);
  while (json_object_iter_next_ordered (&iter, &name, &value))
    if (!check_resource (self, name, value, unknown, error))
      return FALSE;

  return unknown->len == 0 || refuse (error, "Template format error: Unrecognized resource types: [%s]", unknown->str);
}

static gboolean
check_parameters (PracticeTemplate  *self,
                  GError           **error)
{
  static const char *types[] = { "String", "Number", "CommaDelimitedList", "List<Number>", NULL };
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  json_object_iter_init_ordered (&iter, self->parameters);
  while (json_object_iter_next_ordered (&iter, &name, &value))
    {
      const char *type = JSON_NODE_HOLDS_OBJECT (value) ? aws_json_get_string (json_node_get_object (value), "Type") : NULL;

      if (type == NULL)
        return refuse (error, "Template format error: Every Parameters object must contain a Type member.");
      if (!g_strv_contains (types, type))
        return refuse (error, "Template format error: Unrecognized parameter type: %s", type);
    }

  return TRUE;
}

static JsonNode *
parse (const char  *text,
       GError     **error)
{
  g_autoptr(JsonParser) parser = json_parser_new_immutable ();
  g_autoptr(GError) problem = NULL;

#if JSON_CHECK_VERSION (1, 10, 0)
  json_parser_set_strict (parser, TRUE);
#endif
  if (json_parser_load_from_data (parser, text, -1, &problem))
    return json_parser_get_root (parser) ? json_node_ref (json_parser_get_root (parser)) : NULL;

  refuse (error, "Template format error: JSON not well-formed. (line %u, column %u)",
          json_parser_get_current_line (parser), json_parser_get_current_pos (parser));

  return NULL;
}

static PracticeTemplate *
read_template (const char  *text,
               GError     **error)
{
  g_autoptr(PracticeTemplate) self = g_new0 (PracticeTemplate, 1);
  g_autoptr(JsonNode) node = NULL;
  g_autoptr(GError) problem = NULL;

  self->uses = 1;
  if (!(node = parse (text, &problem)))
    {
      if (problem)
        g_propagate_error (error, g_steal_pointer (&problem));
      else
        refuse (error, "Template format error: unsupported structure.");
      return NULL;
    }
  if (!JSON_NODE_HOLDS_OBJECT (node))
    return refuse (error, "Template format error: unsupported structure."), NULL;

  self->text = g_strdup (text);
  self->root = json_object_ref (json_node_get_object (node));
  if (!check_no_null (node, "", error) ||
      !check_sections (self, error) ||
      !check_parameters (self, error) ||
      !check_resources (self, error) ||
      !check_references (self, error))
    return NULL;

  return g_steal_pointer (&self);
}

/**
 * practice_template_new:
 * @text: a template
 * @error: return location for an error
 *
 * Reads a template and checks all that can be checked without parameters. Each step of a stack asks for the same one, so
 * the last is kept, for each practice cloud, which means for each thread.
 *
 * Returns: (transfer full): the template, which nobody may change
 */
PracticeTemplate *
practice_template_new (const char  *text,
                       GError     **error)
{
  static GPrivate last = G_PRIVATE_INIT ((GDestroyNotify) practice_template_free);
  PracticeTemplate *known = g_private_get (&last);

  if (known == NULL || !g_str_equal (known->text, text))
    {
      if (!(known = read_template (text, error)))
        return NULL;

      g_private_replace (&last, known);
    }

  known->uses++;

  return known;
}

/**
 * practice_template_needs_iam:
 * @self: a template
 * @named: (out): whether a role has a name of its own
 *
 * Returns: whether the template makes roles, so that the caller must say it knows
 */
gboolean
practice_template_needs_iam (PracticeTemplate *self,
                             gboolean         *named)
{
  JsonObjectIter iter;
  JsonNode *value;
  gboolean any = FALSE;

  *named = FALSE;
  json_object_iter_init_ordered (&iter, self->resources);
  while (json_object_iter_next_ordered (&iter, NULL, &value))
    {
      JsonObject *properties = aws_json_get_object (json_node_get_object (value), "Properties");

      if (!g_str_has_prefix (aws_json_get_string (json_node_get_object (value), "Type"), "AWS::IAM::"))
        continue;
      any = TRUE;
      *named |= properties && json_object_has_member (properties, "RoleName");
    }

  return any;
}

gboolean
practice_template_is_no_echo (PracticeTemplate *self,
                              const char       *parameter)
{
  return practice_property_bool (aws_json_get_object (self->parameters, parameter), "NoEcho", FALSE);
}

/* ---- parameters ---- */

static gboolean
refuse_value (const char  *name,
              JsonObject  *parameter,
              GError     **error,
              const char  *format,
              ...)
{
  const char *description = aws_json_get_string (parameter, "ConstraintDescription");
  g_autofree char *text = NULL;
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);

  return description ? refuse (error, "Parameter %s failed to satisfy constraint: %s", name, description)
                     : refuse (error, "Parameter '%s' %s", name, text);
}

static gboolean
check_one_value (const char  *name,
                 JsonObject  *parameter,
                 const char  *value,
                 GError     **error)
{
  JsonArray *allowed = aws_json_get_array (parameter, "AllowedValues");
  const char *pattern = aws_json_get_string (parameter, "AllowedPattern");
  gboolean found = allowed == NULL;

  for (guint i = 0; allowed && i < json_array_get_length (allowed); i++)
    {
      g_autofree char *text = NULL;
      JsonNode *node = json_array_get_element (allowed, i);

      text = JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING ? json_node_dup_string (node)
                                                                                            : json_to_string (node, FALSE);
      found |= g_strcmp0 (text, value) == 0;
    }
  if (!found)
    return refuse_value (name, parameter, error, "must be one of AllowedValues");

  if (pattern)
    {
      g_autofree char *whole = g_strdup_printf ("^(?:%s)$", pattern);
      g_autoptr(GRegex) regex = g_regex_new (whole, G_REGEX_DOLLAR_ENDONLY, G_REGEX_MATCH_DEFAULT, NULL);

      if (regex == NULL)
        return refuse (error, "Template format error: Parameter %s has an invalid AllowedPattern", name);
      if (!g_regex_match (regex, value, G_REGEX_MATCH_DEFAULT, NULL))
        return refuse_value (name, parameter, error, "must match pattern %s", pattern);
    }

  return TRUE;
}

static gboolean
check_number (const char  *name,
              JsonObject  *parameter,
              const char  *value,
              GError     **error)
{
  char *end = NULL;
  double number = g_ascii_strtod (value, &end);

  if (*value == '\0' || *end != '\0')
    return refuse_value (name, parameter, error, "must be a number");
  if (json_object_has_member (parameter, "MinValue") && number < practice_property_int (parameter, "MinValue", 0))
    return refuse_value (name, parameter, error, "must be a number not less than %" G_GINT64_FORMAT, practice_property_int (parameter, "MinValue", 0));
  if (json_object_has_member (parameter, "MaxValue") && number > practice_property_int (parameter, "MaxValue", 0))
    return refuse_value (name, parameter, error, "must be a number not greater than %" G_GINT64_FORMAT, practice_property_int (parameter, "MaxValue", 0));

  return TRUE;
}

static gboolean
check_value (const char  *name,
             JsonObject  *parameter,
             const char  *value,
             GError     **error)
{
  const char *type = aws_json_get_string (parameter, "Type");
  gboolean is_list = !g_str_equal (type, "String") && !g_str_equal (type, "Number");
  g_auto(GStrv) parts = is_list ? g_strsplit (value, ",", -1) : g_strdupv ((char *[]) { (char *) value, NULL });
  glong length = g_utf8_strlen (value, -1);

  if (strlen (value) > 4096)
    return refuse (error, "Parameter '%s' must contain at most 4096 bytes", name);
  if (length < practice_property_int (parameter, "MinLength", 0))
    return refuse_value (name, parameter, error, "must contain at least %" G_GINT64_FORMAT " characters", practice_property_int (parameter, "MinLength", 0));
  if (length > practice_property_int (parameter, "MaxLength", G_MAXINT64))
    return refuse_value (name, parameter, error, "must contain at most %" G_GINT64_FORMAT " characters", practice_property_int (parameter, "MaxLength", 0));

  for (guint i = 0; parts[i]; i++)
    {
      const char *part = is_list ? g_strstrip (parts[i]) : parts[i];

      if (!check_one_value (name, parameter, part, error))
        return FALSE;
      if (strstr (type, "Number") && !check_number (name, parameter, part, error))
        return FALSE;
    }

  return TRUE;
}

/**
 * practice_template_bind:
 * @self: a template
 * @given: the caller's values; a member that is null asks for the value before
 * @previous: (nullable): the values of the stack as it is
 * @error: return location for an error
 *
 * Returns: (transfer full): a value for every parameter
 */
JsonObject *
practice_template_bind (PracticeTemplate  *self,
                        JsonObject        *given,
                        JsonObject        *previous,
                        GError           **error)
{
  g_autoptr(JsonObject) values = json_object_new ();
  g_autoptr(GString) unknown = g_string_new (NULL);
  g_autoptr(GString) missing = g_string_new (NULL);
  JsonObjectIter iter;
  const char *name;
  JsonNode *node;

  json_object_iter_init_ordered (&iter, given);
  while (json_object_iter_next_ordered (&iter, &name, NULL))
    if (!json_object_has_member (self->parameters, name))
      g_string_append_printf (unknown, "%s%s", unknown->len ? ", " : "", name);
  if (unknown->len > 0)
    return refuse (error, "Parameters: [%s] do not exist in the template", unknown->str), NULL;

  json_object_iter_init_ordered (&iter, self->parameters);
  while (json_object_iter_next_ordered (&iter, &name, &node))
    {
      JsonObject *parameter = json_node_get_object (node);
      JsonNode *fallback = json_object_get_member (parameter, "Default");
      gboolean asks_previous = json_object_has_member (given, name) && json_object_get_null_member (given, name);
      const char *value = aws_json_get_string (given, name);
      g_autofree char *text = NULL;

      if (asks_previous && (!previous || !json_object_has_member (previous, name)))
        return refuse (error, "Invalid input for parameter key %s. Cannot specify usePreviousValue as true for a parameter key not in the previous template", name), NULL;
      if (asks_previous)
        value = aws_json_get_string (previous, name);
      else if (value == NULL && fallback)
        value = text = JSON_NODE_HOLDS_VALUE (fallback) && json_node_get_value_type (fallback) == G_TYPE_STRING ? json_node_dup_string (fallback)
                                                                                                              : json_to_string (fallback, FALSE);

      if (value == NULL)
        g_string_append_printf (missing, "%s%s", missing->len ? ", " : "", name);
      else if (!check_value (name, parameter, value, error))
        return NULL;
      else
        json_object_set_string_member (values, name, value);
    }

  if (missing->len > 0)
    return refuse (error, "Parameters: [%s] must have values", missing->str), NULL;

  return g_steal_pointer (&values);
}

/* ---- order ---- */

typedef struct
{
  PracticeResolver *resolver;
  GHashTable       *names;
} Dependencies;

static gboolean
collect_cb (const char  *name,
            const char  *attribute,
            gpointer     data,
            GError     **error)
{
  Dependencies *self = data;
  JsonObject *resource = aws_json_get_object (self->resolver->template->resources, name);

  if (resource && practice_resolver_is_included (self->resolver, resource))
    g_hash_table_add (self->names, g_strdup (name));

  return TRUE;
}

/* The logical ids of what must be there before @logical_id. */
GHashTable *
practice_template_get_dependencies (PracticeResolver *resolver,
                                    const char       *logical_id)
{
  JsonObject *resource = aws_json_get_object (resolver->template->resources, logical_id);
  Dependencies self = { resolver, g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL) };
  JsonArray *list = aws_json_get_array (resource, "DependsOn");
  const char *one = aws_json_get_string (resource, "DependsOn");

  if (json_object_has_member (resource, "Properties"))
    visit_references (resolver, json_object_get_member (resource, "Properties"), collect_cb, &self, NULL);
  for (guint i = 0; list && i < json_array_get_length (list); i++)
    collect_cb (aws_json_array_get_string (list, i), NULL, &self, NULL);
  if (one)
    collect_cb (one, NULL, &self, NULL);

  return self.names;
}

static gboolean
all_ordered (GHashTable *dependencies,
             GHashTable *done)
{
  GHashTableIter iter;
  gpointer name;

  g_hash_table_iter_init (&iter, dependencies);
  while (g_hash_table_iter_next (&iter, &name, NULL))
    if (!g_hash_table_contains (done, name))
      return FALSE;

  return TRUE;
}

/**
 * practice_template_get_order:
 * @resolver: a resolver whose conditions are decided
 * @error: return location for an error
 *
 * Returns: (transfer full) (element-type utf8): the logical ids of what the conditions include, each after all that
 *   it depends on
 */
GPtrArray *
practice_template_get_order (PracticeResolver  *resolver,
                             GError           **error)
{
  g_autoptr(GPtrArray) order = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(GPtrArray) waiting = g_ptr_array_new_with_free_func ((GDestroyNotify) g_hash_table_unref);
  g_autoptr(GPtrArray) names = g_ptr_array_new ();
  g_autoptr(GHashTable) done = g_hash_table_new (g_str_hash, g_str_equal);
  JsonObjectIter iter;
  const char *name;
  JsonNode *node;

  json_object_iter_init_ordered (&iter, resolver->template->resources);
  while (json_object_iter_next_ordered (&iter, &name, &node))
    if (practice_resolver_is_included (resolver, json_node_get_object (node)))
      {
        g_ptr_array_add (names, (gpointer) name);
        g_ptr_array_add (waiting, practice_template_get_dependencies (resolver, name));
      }

  while (names->len > 0)
    {
      guint i;

      for (i = 0; i < names->len; i++)
        if (all_ordered (g_ptr_array_index (waiting, i), done))
          break;

      if (i == names->len)
        {
          g_autoptr(GString) circle = g_string_new (NULL);

          for (guint j = 0; j < names->len; j++)
            g_string_append_printf (circle, "%s%s", j ? ", " : "", (char *) g_ptr_array_index (names, j));
          return refuse (error, "Circular dependency between resources: [%s]", circle->str), NULL;
        }

      g_ptr_array_add (order, g_strdup (g_ptr_array_index (names, i)));
      g_hash_table_add (done, g_ptr_array_index (names, i));
      g_ptr_array_remove_index (names, i);
      g_ptr_array_remove_index (waiting, i);
    }

  return g_steal_pointer (&order);
}
