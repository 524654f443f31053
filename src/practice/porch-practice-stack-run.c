/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "aws-json.h"
#include "porch-practice-fault.h"
#include "porch-practice-rights.h"
#include "porch-practice-stack.h"

/* A stack's operation is a walk in steps; each step looks at what the database says and does the next thing. Steps end
 * with how long the next one waits.
 *
 * PracticeStack.work holds what statuses can't tell:
 *   "template", "values", "tags"  of the stack before an update
 *   "done"     logical ids that the update is through with
 *   "undo"     what it changed, oldest first: {"id", "type", "kind": created | updated | replaced, "physical",
 *              "properties", "attributes", "policy"} with the state before
 *   "cleanup"  what is to be deleted at its end, in the same form with the state to delete
 *   "retain"   logical ids that a delete leaves alone because the caller said so
 *   "failed"   logical ids that could not be deleted
 *   "created"  false when the delete ends a creation that failed
 */

#define FINISHED G_MAXUINT

typedef struct
{
  Practice *practice;
  char     *arn;
} Tick;

static void
tick_free (Tick *tick)
{
  g_free (tick->arn);
  g_free (tick);
}

static JsonArray *
get_list (PracticeStack *stack,
          const char    *name)
{
  if (!json_object_has_member (stack->work, name))
    json_object_set_array_member (stack->work, name, json_array_new ());

  return json_object_get_array_member (stack->work, name);
}

static gboolean
list_has (JsonArray  *list,
          const char *text)
{
  for (guint i = 0; i < json_array_get_length (list); i++)
    if (g_str_equal (json_array_get_string_element (list, i), text))
      return TRUE;

  return FALSE;
}

static char *
join_list (JsonArray *list)
{
  g_autoptr(GString) text = g_string_new (NULL);

  for (guint i = 0; i < json_array_get_length (list); i++)
    g_string_append_printf (text, "%s%s", i ? ", " : "", json_array_get_string_element (list, i));

  return g_string_free (g_steal_pointer (&text), FALSE);
}

static guint
pause_for (PracticeStack *stack,
           const char    *type,
           double         share)
{
  return practice_scale_delay (stack->practice, practice_resource_handler (type)->seconds * share);
}

/* ---- one resource ---- */

static void
init_provision (PracticeStack         *stack,
                PracticeStackResource *resource,
                PracticeProvision     *provision)
{
  memset (provision, 0, sizeof *provision);
  provision->practice = stack->practice;
  provision->region = stack->region;
  provision->stack_name = stack->name;
  provision->stack_arn = stack->arn;
  provision->logical_id = resource->logical_id;
  provision->tags = stack->tags;
  provision->properties = resource->properties;
  provision->id = g_strdup (resource->physical_id);
}

static void
provision_clear (PracticeProvision *provision)
{
  g_clear_pointer (&provision->id, g_free);
  g_clear_pointer (&provision->attributes, json_object_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PracticeProvision, provision_clear)

/* Runs a handler so that a failure leaves nothing of it behind. */
static gboolean
carry_out (PracticeProvision  *provision,
           gboolean          (*function) (PracticeProvision *, GError **),
           GError            **error)
{
  PracticeDb *db = provision->practice->db;

  if (!practice_db_begin (db, error))
    return FALSE;
  if (function (provision, error))
    return practice_db_commit (db, error);

  practice_db_rollback (db);

  return FALSE;
}

static void
take_results (PracticeStackResource *resource,
              PracticeProvision     *provision)
{
  g_set_str (&resource->physical_id, provision->id);
  if (provision->attributes)
    {
      json_object_unref (resource->attributes);
      resource->attributes = json_object_ref (provision->attributes);
    }
}

/* Makes the resource from its properties; a CREATE_IN_PROGRESS event tells its name. */
static gboolean
make (PracticeStack          *stack,
      PracticeStackResource  *resource,
      JsonObject             *properties,
      const char             *status,
      GError                **error)
{
  g_auto(PracticeProvision) provision = { NULL, };

  if (!practice_type_check (resource->type, resource->logical_id, properties, error))
    return FALSE;

  json_object_unref (resource->properties);
  resource->properties = json_object_ref (properties);
  init_provision (stack, resource, &provision);
  g_clear_pointer (&provision.id, g_free);
  if (!practice_provision_permitted (&provision, resource->type, PRACTICE_VERB_CREATE, error) ||
      !carry_out (&provision, practice_resource_handler (resource->type)->create, error))
    return FALSE;

  take_results (resource, &provision);
  practice_stack_set_resource (stack, resource, status, "Resource creation Initiated");

  return TRUE;
}

static gboolean
unmake (PracticeStack          *stack,
        PracticeStackResource  *resource,
        GError                **error)
{
  g_auto(PracticeProvision) provision = { NULL, };

  if (resource->physical_id == NULL)
    return TRUE;

  init_provision (stack, resource, &provision);

  return practice_provision_permitted (&provision, resource->type, PRACTICE_VERB_DELETE, error) &&
         carry_out (&provision, practice_resource_handler (resource->type)->delete, error);
}

static gboolean
change (PracticeStack          *stack,
        PracticeStackResource  *resource,
        JsonObject             *properties,
        GError                **error)
{
  gboolean (*update) (PracticeProvision *, GError **) = practice_resource_handler (resource->type)->update;
  g_auto(PracticeProvision) provision = { NULL, };
  g_autoptr(JsonObject) previous = json_object_ref (resource->properties);

  if (!practice_type_check (resource->type, resource->logical_id, properties, error))
    return FALSE;

  init_provision (stack, resource, &provision);
  provision.previous = previous;
  provision.properties = properties;
  if (update &&
      (!practice_provision_permitted (&provision, resource->type, PRACTICE_VERB_UPDATE, error) ||
       !carry_out (&provision, update, error)))
    return FALSE;

  json_object_unref (resource->properties);
  resource->properties = json_object_ref (properties);
  take_results (resource, &provision);

  return TRUE;
}

/* ---- create ---- */

static void
begin_rollback (PracticeStack *stack,
                const char    *logical_id)
{
  g_autofree char *reason = g_strdup_printf ("The following resource(s) failed to create: [%s]. ", logical_id);
  g_autofree char *full = g_strconcat (reason, "Rollback requested by user.", NULL);

  if (g_str_equal (stack->on_failure, "DO_NOTHING"))
    practice_stack_set_status (stack, "CREATE_FAILED", reason);
  else if (g_str_equal (stack->on_failure, "DELETE"))
    {
      json_object_set_boolean_member (stack->work, "created", FALSE);
      practice_stack_set_status (stack, "DELETE_IN_PROGRESS", full);
    }
  else
    practice_stack_set_status (stack, "ROLLBACK_IN_PROGRESS", full);
}

static void
set_policy (PracticeTemplate      *template,
            PracticeStackResource *resource)
{
  JsonObject *entry = aws_json_get_object (template->resources, resource->logical_id);

  g_set_str (&resource->policy, aws_json_get_string (entry, "DeletionPolicy"));
}

static guint
create_one (PracticeStack         *stack,
            PracticeResolver      *resolver,
            PracticeStackResource *known,
            const char            *logical_id)
{
  g_autoptr(PracticeStackResource) fresh = NULL;
  g_autoptr(JsonObject) properties = NULL;
  g_autoptr(GError) error = NULL;

  if (known == NULL)
    {
      fresh = practice_stack_resource_new (logical_id, aws_json_get_string (aws_json_get_object (resolver->template->resources, logical_id), "Type"));
      set_policy (resolver->template, fresh);
      practice_stack_set_resource (stack, fresh, "CREATE_IN_PROGRESS", NULL);
      return pause_for (stack, fresh->type, 0.3);
    }
  if (known->physical_id)
    {
      practice_stack_set_resource (stack, known, "CREATE_COMPLETE", NULL);
      return pause_for (stack, known->type, 0.1);
    }

  if ((properties = practice_stack_resolve_properties (resolver, logical_id, &error)) &&
      practice_faults_provision (stack->practice, known->type, logical_id, FALSE, &error) &&
      make (stack, known, properties, "CREATE_IN_PROGRESS", &error))
    return pause_for (stack, known->type, 0.6);

  practice_stack_set_resource (stack, known, "CREATE_FAILED", error->message);

  return FINISHED;
}

static guint
step_create (PracticeStack    *stack,
             PracticeResolver *resolver)
{
  g_autoptr(GPtrArray) order = practice_template_get_order (resolver, NULL);
  g_autoptr(GError) error = NULL;
  JsonObject *outputs;

  for (guint i = 0; order && i < order->len; i++)
    {
      const char *logical_id = g_ptr_array_index (order, i);
      g_autoptr(PracticeStackResource) known = practice_stack_get_resource (stack, logical_id);
      guint pause;

      if (known && g_str_equal (known->status, "CREATE_COMPLETE"))
        continue;

      pause = create_one (stack, resolver, known, logical_id);
      if (pause != FINISHED)
        return pause;
      begin_rollback (stack, logical_id);
      return 0;
    }

  if (!(outputs = practice_stack_resolve_outputs (resolver, &error)))
    {
      practice_stack_set_status (stack, "ROLLBACK_IN_PROGRESS", error->message);
      return 0;
    }

  json_object_unref (stack->outputs);
  stack->outputs = outputs;
  practice_stack_set_status (stack, "CREATE_COMPLETE", NULL);

  return FINISHED;
}

/* ---- delete and rollback ---- */

static gboolean
is_retained (PracticeStack         *stack,
             PracticeStackResource *resource,
             gboolean               rollback)
{
  if (!rollback && list_has (get_list (stack, "retain"), resource->logical_id))
    return TRUE;

  rollback |= json_object_has_member (stack->work, "created");
  if (g_strcmp0 (resource->policy, "Retain") == 0)
    return !(rollback && stack->retain_except_on_create);

  return g_strcmp0 (resource->policy, "RetainExceptOnCreate") == 0 && !rollback;
}

/* Whether something that could not be deleted still needs this resource. */
static gboolean
is_held (PracticeStack         *stack,
         PracticeResolver      *resolver,
         PracticeStackResource *resource)
{
  JsonArray *failed = get_list (stack, "failed");

  for (guint i = 0; i < json_array_get_length (failed); i++)
    {
      const char *name = json_array_get_string_element (failed, i);
      g_autoptr(GHashTable) needs = json_object_has_member (resolver->template->resources, name)
                                    ? practice_template_get_dependencies (resolver, name) : NULL;

      if (g_str_equal (name, resource->logical_id) || (needs && g_hash_table_contains (needs, resource->logical_id)))
        return TRUE;
    }

  return FALSE;
}

static guint
delete_one (PracticeStack         *stack,
            PracticeStackResource *resource,
            gboolean               rollback)
{
  g_autoptr(GError) error = NULL;

  if (is_retained (stack, resource, rollback) && resource->physical_id)
    {
      practice_stack_set_resource (stack, resource, "DELETE_SKIPPED", NULL);
      return 0;
    }
  if (!g_str_equal (resource->status, "DELETE_IN_PROGRESS"))
    {
      practice_stack_set_resource (stack, resource, "DELETE_IN_PROGRESS", NULL);
      return pause_for (stack, resource->type, 0.4);
    }
  if (unmake (stack, resource, &error))
    {
      practice_stack_set_resource (stack, resource, "DELETE_COMPLETE", NULL);
      return pause_for (stack, resource->type, 0.1);
    }

  practice_stack_set_resource (stack, resource, "DELETE_FAILED", error->message);
  json_array_add_string_element (get_list (stack, "failed"), resource->logical_id);

  return 0;
}

static guint
step_delete (PracticeStack    *stack,
             PracticeResolver *resolver,
             gboolean          rollback)
{
  g_autoptr(GPtrArray) resources = practice_stack_get_resources (stack);
  JsonArray *failed = get_list (stack, "failed");

  for (guint i = resources->len; i > 0; i--)
    {
      PracticeStackResource *resource = g_ptr_array_index (resources, i - 1);

      if (!g_str_equal (resource->status, "DELETE_COMPLETE") && !g_str_equal (resource->status, "DELETE_SKIPPED") &&
          !is_held (stack, resolver, resource))
        return delete_one (stack, resource, rollback);
    }

  if (json_array_get_length (failed) > 0)
    {
      g_autofree char *names = join_list (failed);
      g_autofree char *reason = g_strdup_printf ("The following resource(s) failed to delete: [%s]. ", names);

      practice_stack_set_status (stack, rollback ? "ROLLBACK_FAILED" : "DELETE_FAILED", reason);
    }
  else if (rollback)
    {
      practice_stack_set_status (stack, "ROLLBACK_COMPLETE", NULL);
    }
  else
    {
      practice_stack_set_status (stack, "DELETE_COMPLETE", NULL);
      stack->deleted = practice_now ();
    }
  json_object_remove_member (stack->work, "failed");
  json_object_remove_member (stack->work, "retain");

  return FINISHED;
}

/* ---- update ---- */

static JsonObject *
remember (PracticeStackResource *resource,
          const char            *kind)
{
  JsonObject *entry = json_object_new ();

  json_object_set_string_member (entry, "id", resource->logical_id);
  json_object_set_string_member (entry, "type", resource->type);
  json_object_set_string_member (entry, "kind", kind);
  json_object_set_string_member (entry, "physical", resource->physical_id);
  json_object_set_string_member (entry, "policy", resource->policy);
  json_object_set_object_member (entry, "properties", json_object_ref (resource->properties));
  json_object_set_object_member (entry, "attributes", json_object_ref (resource->attributes));

  return entry;
}

static PracticeStackResource *
recall (JsonObject *entry)
{
  PracticeStackResource *resource = practice_stack_resource_new (json_object_get_string_member (entry, "id"),
                                                                 json_object_get_string_member (entry, "type"));

  resource->physical_id = g_strdup (aws_json_get_string (entry, "physical"));
  resource->policy = g_strdup (aws_json_get_string (entry, "policy"));
  json_object_unref (resource->properties);
  resource->properties = json_object_ref (aws_json_get_object (entry, "properties"));
  json_object_unref (resource->attributes);
  resource->attributes = json_object_ref (aws_json_get_object (entry, "attributes"));

  return resource;
}

static void
add_cleanup (PracticeStack         *stack,
             PracticeStackResource *resource,
             const char            *policy)
{
  JsonObject *entry = remember (resource, "cleanup");

  json_object_set_string_member (entry, "policy", policy);
  json_array_add_object_element (get_list (stack, "cleanup"), entry);
}

static gboolean
objects_equal (JsonObject *a,
               JsonObject *b)
{
  g_autoptr(JsonNode) first = json_node_init_object (json_node_alloc (), a);
  g_autoptr(JsonNode) second = json_node_init_object (json_node_alloc (), b);

  return json_node_equal (first, second);
}

static gboolean
replace (PracticeStack          *stack,
         PracticeResolver       *resolver,
         PracticeStackResource  *resource,
         JsonObject             *properties,
         GError                **error)
{
  JsonObject *entry = aws_json_get_object (resolver->template->resources, resource->logical_id);
  g_autoptr(PracticeStackResource) old = NULL;
  g_autoptr(JsonObject) before = remember (resource, "replaced");

  old = recall (before);
  if (!practice_faults_provision (stack->practice, resource->type, resource->logical_id, FALSE, error) ||
      !make (stack, resource, properties, "UPDATE_IN_PROGRESS", error))
    return FALSE;

  add_cleanup (stack, old, aws_json_get_string (entry, "UpdateReplacePolicy"));
  json_array_add_object_element (get_list (stack, "undo"), g_steal_pointer (&before));

  return TRUE;
}

/* Carries the change of a resource out that is marked UPDATE_IN_PROGRESS. */
static guint
update_known (PracticeStack         *stack,
              PracticeResolver      *resolver,
              PracticeStackResource *known,
              JsonObject            *properties)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonObject) before = remember (known, "updated");

  if (practice_type_replaces (known->type, known->properties, properties))
    {
      if (!replace (stack, resolver, known, properties, &error))
        {
          g_autoptr(PracticeStackResource) old = recall (before);

          practice_stack_set_resource (stack, old, "UPDATE_FAILED", error->message);
          return FINISHED;
        }
    }
  else if (practice_faults_provision (stack->practice, known->type, known->logical_id, FALSE, &error) &&
           change (stack, known, properties, &error))
    {
      json_array_add_object_element (get_list (stack, "undo"), g_steal_pointer (&before));
    }
  else
    {
      practice_stack_set_resource (stack, known, "UPDATE_FAILED", error->message);
      return FINISHED;
    }

  json_array_add_string_element (get_list (stack, "done"), known->logical_id);
  practice_stack_set_resource (stack, known, "UPDATE_COMPLETE", NULL);

  return pause_for (stack, known->type, 0.5);
}

static guint
update_one (PracticeStack         *stack,
            PracticeResolver      *resolver,
            PracticeStackResource *known,
            const char            *logical_id)
{
  g_autoptr(JsonObject) properties = NULL;
  g_autoptr(GError) error = NULL;
  guint pause;

  if (known == NULL || g_str_equal (known->status, "CREATE_IN_PROGRESS"))
    {
      gboolean finishing = known && known->physical_id;

      pause = create_one (stack, resolver, known, logical_id);
      if (finishing)
        {
          json_array_add_object_element (get_list (stack, "undo"), remember (known, "created"));
          json_array_add_string_element (get_list (stack, "done"), logical_id);
        }
      return pause;
    }

  set_policy (resolver->template, known);
  if (!(properties = practice_stack_resolve_properties (resolver, logical_id, &error)))
    {
      practice_stack_set_resource (stack, known, "UPDATE_FAILED", error->message);
      return FINISHED;
    }
  practice_type_check (known->type, logical_id, properties, NULL);
  if (objects_equal (properties, known->properties))
    {
      json_array_add_string_element (get_list (stack, "done"), logical_id);
      practice_stack_save_resource (stack, known);
      return 0;
    }
  if (!g_str_equal (known->status, "UPDATE_IN_PROGRESS"))
    {
      practice_stack_set_resource (stack, known, "UPDATE_IN_PROGRESS",
                                   practice_type_replaces (known->type, known->properties, properties)
                                   ? "Requested update requires the creation of a new physical resource; hence creating one." : NULL);
      return pause_for (stack, known->type, 0.5);
    }

  return update_known (stack, resolver, known, properties);
}

static void
collect_removed (PracticeStack *stack,
                 GPtrArray     *order)
{
  g_autoptr(GPtrArray) resources = practice_stack_get_resources (stack);

  for (guint i = resources->len; i > 0; i--)
    {
      PracticeStackResource *resource = g_ptr_array_index (resources, i - 1);
      gboolean wanted = FALSE;

      for (guint j = 0; j < order->len; j++)
        wanted |= g_str_equal (g_ptr_array_index (order, j), resource->logical_id);
      if (!wanted)
        add_cleanup (stack, resource, resource->policy);
    }
}

static guint
step_update (PracticeStack    *stack,
             PracticeResolver *resolver)
{
  g_autoptr(GPtrArray) order = practice_template_get_order (resolver, NULL);
  g_autoptr(GError) error = NULL;
  JsonObject *outputs;

  for (guint i = 0; order && i < order->len; i++)
    {
      const char *logical_id = g_ptr_array_index (order, i);
      g_autoptr(PracticeStackResource) known = NULL;
      g_autofree char *reason = NULL;
      guint pause;

      if (list_has (get_list (stack, "done"), logical_id))
        continue;

      known = practice_stack_get_resource (stack, logical_id);
      pause = update_one (stack, resolver, known, logical_id);
      if (pause != FINISHED)
        return pause;

      reason = g_strdup_printf ("The following resource(s) failed to %s: [%s]. ", known && known->physical_id ? "update" : "create", logical_id);
      practice_stack_set_status (stack, "UPDATE_ROLLBACK_IN_PROGRESS", reason);
      return 0;
    }

  if (!(outputs = practice_stack_resolve_outputs (resolver, &error)))
    {
      practice_stack_set_status (stack, "UPDATE_ROLLBACK_IN_PROGRESS", error->message);
      return 0;
    }

  json_object_unref (stack->outputs);
  stack->outputs = outputs;
  collect_removed (stack, order);
  practice_stack_set_status (stack, "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", NULL);

  return practice_scale_delay (stack->practice, 2);
}

/* What was to be deleted as replaced stays after all. */
static void
keep (PracticeStack *stack,
      const char    *physical_id)
{
  JsonArray *cleanup = get_list (stack, "cleanup");

  for (guint i = json_array_get_length (cleanup); i > 0; i--)
    if (g_strcmp0 (aws_json_get_string (json_array_get_object_element (cleanup, i - 1), "physical"), physical_id) == 0)
      json_array_remove_element (cleanup, i - 1);
}

/* Takes one change of the update back, the last one first. FALSE when that fails. */
static gboolean
undo_one (PracticeStack *stack,
          JsonObject    *entry)
{
  g_autoptr(PracticeStackResource) old = recall (entry);
  g_autoptr(PracticeStackResource) now = practice_stack_get_resource (stack, old->logical_id);
  const char *kind = json_object_get_string_member (entry, "kind");
  g_autoptr(GError) error = NULL;

  if (now == NULL)
    return TRUE;

  if (g_str_equal (kind, "created"))
    {
      add_cleanup (stack, now, NULL);
      return TRUE;
    }
  if (g_str_equal (kind, "replaced"))
    {
      keep (stack, old->physical_id);
      add_cleanup (stack, now, NULL);
      practice_stack_set_resource (stack, old, "UPDATE_COMPLETE", NULL);
      return TRUE;
    }

  g_set_str (&now->policy, old->policy);
  practice_stack_set_resource (stack, now, "UPDATE_IN_PROGRESS", NULL);
  if (!practice_faults_provision (stack->practice, now->type, now->logical_id, TRUE, &error) ||
      !change (stack, now, old->properties, &error))
    {
      practice_stack_set_resource (stack, now, "UPDATE_FAILED", error->message);
      return FALSE;
    }
  practice_stack_set_resource (stack, now, "UPDATE_COMPLETE", NULL);

  return TRUE;
}

static void
forget_unfinished (PracticeStack *stack)
{
  g_autoptr(GPtrArray) resources = practice_stack_get_resources (stack);

  for (guint i = 0; i < resources->len; i++)
    {
      PracticeStackResource *resource = g_ptr_array_index (resources, i);

      if (resource->physical_id == NULL)
        practice_stack_forget_resource (stack, resource->logical_id);
      else if (g_str_equal (resource->status, "CREATE_IN_PROGRESS") || g_str_equal (resource->status, "CREATE_FAILED"))
        add_cleanup (stack, resource, NULL);
    }
}

static guint
step_update_rollback (PracticeStack *stack)
{
  JsonArray *undo = get_list (stack, "undo");
  guint left = json_array_get_length (undo);

  if (left > 0)
    {
      g_autoptr(JsonObject) entry = json_object_ref (json_array_get_object_element (undo, left - 1));

      if (!undo_one (stack, entry))
        {
          g_autofree char *reason = g_strdup_printf ("The following resource(s) failed to update: [%s]. ",
                                                     json_object_get_string_member (entry, "id"));

          practice_stack_set_status (stack, "UPDATE_ROLLBACK_FAILED", reason);
          return FINISHED;
        }
      json_array_remove_element (undo, left - 1);
      return pause_for (stack, json_object_get_string_member (entry, "type"), 0.3);
    }

  forget_unfinished (stack);
  g_set_str (&stack->template, json_object_get_string_member (stack->work, "template"));
  json_object_unref (stack->values);
  stack->values = json_object_ref (json_object_get_object_member (stack->work, "values"));
  json_array_unref (stack->tags);
  stack->tags = json_array_ref (json_object_get_array_member (stack->work, "tags"));
  practice_stack_set_status (stack, "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS", NULL);

  return practice_scale_delay (stack->practice, 2);
}

static gboolean
is_in_use (PracticeStack         *stack,
           PracticeStackResource *resource)
{
  g_autoptr(PracticeStackResource) now = practice_stack_get_resource (stack, resource->logical_id);

  return now && g_strcmp0 (now->physical_id, resource->physical_id) == 0;
}

static guint
step_cleanup (PracticeStack *stack,
              gboolean       rollback)
{
  JsonArray *cleanup = get_list (stack, "cleanup");
  g_autoptr(JsonObject) entry = NULL;
  g_autoptr(PracticeStackResource) resource = NULL;
  g_autoptr(GError) error = NULL;
  gboolean retained, current;

  if (json_array_get_length (cleanup) == 0)
    {
      json_object_unref (stack->work);
      stack->work = json_object_new ();
      practice_stack_set_status (stack, rollback ? "UPDATE_ROLLBACK_COMPLETE" : "UPDATE_COMPLETE", NULL);
      return FINISHED;
    }

  entry = json_object_ref (json_array_get_object_element (cleanup, 0));
  json_array_remove_element (cleanup, 0);
  resource = recall (entry);
  current = is_in_use (stack, resource);

  retained = g_strcmp0 (resource->policy, "Retain") == 0 || (g_strcmp0 (resource->policy, "RetainExceptOnCreate") == 0 && !rollback);
  practice_stack_add_event (stack, resource->logical_id, resource->physical_id, resource->type,
                            retained ? "DELETE_SKIPPED" : "DELETE_IN_PROGRESS", NULL);
  if (!retained && unmake (stack, resource, &error))
    practice_stack_add_event (stack, resource->logical_id, resource->physical_id, resource->type, "DELETE_COMPLETE", NULL);
  else if (!retained)
    practice_stack_add_event (stack, resource->logical_id, resource->physical_id, resource->type, "DELETE_FAILED", error->message);
  if (current)
    practice_stack_forget_resource (stack, resource->logical_id);

  return pause_for (stack, resource->type, 0.4);
}

/* ---- the walk ---- */

static guint
take_step (PracticeStack     *stack,
           PracticeResolver  *resolver)
{
  if (g_str_equal (stack->status, "CREATE_IN_PROGRESS"))
    return step_create (stack, resolver);
  if (g_str_equal (stack->status, "ROLLBACK_IN_PROGRESS"))
    return step_delete (stack, resolver, TRUE);
  if (g_str_equal (stack->status, "DELETE_IN_PROGRESS"))
    return step_delete (stack, resolver, FALSE);
  if (g_str_equal (stack->status, "UPDATE_IN_PROGRESS"))
    return step_update (stack, resolver);
  if (g_str_equal (stack->status, "UPDATE_ROLLBACK_IN_PROGRESS"))
    return step_update_rollback (stack);
  if (g_str_equal (stack->status, "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS"))
    return step_cleanup (stack, FALSE);
  if (g_str_equal (stack->status, "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS"))
    return step_cleanup (stack, TRUE);

  return FINISHED;
}

static guint
step (Practice   *practice,
      const char *arn)
{
  g_autoptr(PracticeStack) stack = practice_stack_lookup (practice, "", arn);
  g_autoptr(PracticeTemplate) template = NULL;
  g_auto(PracticeResolver) resolver = { NULL, };
  g_autoptr(GError) error = NULL;
  guint pause;

  if (stack == NULL || !practice_stack_is_busy (stack))
    return FINISHED;

  /* Both worked when the operation was accepted */
  if (!(template = practice_template_new (stack->template, &error)) ||
      !practice_stack_init_resolver (stack, template, stack->values, &resolver, &error) ||
      !practice_db_begin (practice->db, &error))
    {
      g_warning ("A stack can’t go on: %s", error->message);
      return FINISHED;
    }

  pause = take_step (stack, &resolver);
  if (practice_stack_save (stack, &error) && practice_db_commit (practice->db, &error))
    return pause;

  g_warning ("The state of a stack can’t be written: %s", error->message);

  return FINISHED;
}

static gboolean
tick_cb (gpointer data)
{
  Tick *tick = data;
  guint pause = step (tick->practice, tick->arn);

  if (pause != FINISHED)
    {
      Tick *next = g_new0 (Tick, 1);

      next->practice = tick->practice;
      next->arn = g_strdup (tick->arn);
      practice_later (tick->practice, pause, tick_cb, next, (GDestroyNotify) tick_free);
    }

  return G_SOURCE_REMOVE;
}

void
practice_stack_run (Practice   *practice,
                    const char *arn)
{
  Tick *tick = g_new0 (Tick, 1);

  tick->practice = practice;
  tick->arn = g_strdup (arn);
  practice_later (practice, practice_scale_delay (practice, 3), tick_cb, tick, (GDestroyNotify) tick_free);
}

/* After a start: whatever was under way when the practice cloud ended. */
void
practice_stacks_take_up (Practice *practice)
{
  g_autoptr(GPtrArray) stacks = practice_stack_list (practice, NULL, FALSE);

  for (guint i = 0; i < stacks->len; i++)
    if (practice_stack_is_busy (g_ptr_array_index (stacks, i)))
      practice_stack_run (practice, ((PracticeStack *) g_ptr_array_index (stacks, i))->arn);
}
