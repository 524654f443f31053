/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-stack.h"
#include "porch-error.h"
#include "porch-engine-private.h"
#include "porch-fiber.h"
#include "porch-stack-progress.h"

#include "aws-error.h"
#include "aws-json.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define TEMPLATE PORCH_RESOURCE_PATH "/stacks/site.json"

/* Seconds between two looks: politely growing where everybody waits in one queue */
#define FIRST_PAUSE 3.0
#define LAST_PAUSE 15.0
#define QUICK_PAUSE 0.1

/* What takes minutes elsewhere takes moments where nobody waits in a queue */
#define QUICK_SCALE 0.01

/* Where an operation notes the token of the change that it is carrying out */
#define TOKEN "changeToken"

/* Milliseconds between two looks at what a change would do */
#define FIRST_LOOK 20
#define LAST_LOOK 2000

/* So many looks in a row may fail before the waiting is given up; it can be taken up again */
#define PATIENCE 8

/**
 * PorchStack:
 *
 * The resources of one site as a whole: made, changed, watched and deleted together.
 */
struct _PorchStack
{
  GObject    parent_instance;

  AwsClient *client;
  char      *name;
  char      *site_id;
  AwsStack  *answer;
  char      *failed_part;
  PorchStackChanges *changes;   /* what is being done */
};

G_DEFINE_FINAL_TYPE (PorchStack, porch_stack, G_TYPE_OBJECT)

/* What is going on with a part, and what it means when it fails. No word of the provider appears on the screen. */
typedef struct
{
  const char *type;
  const char *making;
  const char *removing;
  const char *failed;
} Part;

static const Part parts[] = {
  { "AWS::S3::", N_("Making room for the files…"), N_("Removing the room for the files…"),
    N_("The room for the site’s files could not be made") },
  { "AWS::CloudFront::Distribution", N_("Setting up the address all over the world…"),
    N_("Taking down the address all over the world…"), N_("The site’s address could not be set up") },
  { "AWS::CloudFront::", N_("Setting up the address…"), N_("Taking down the address…"),
    N_("The site’s address could not be set up") },
  { "AWS::DynamoDB::", N_("Setting up the inbox…"), N_("Removing the inbox…"),
    N_("The inbox for messages could not be set up") },
  { "AWS::Lambda::", N_("Setting up the contact form…"), N_("Removing the contact form…"),
    N_("The contact form could not be set up") },
  { "AWS::ApiGatewayV2::", N_("Setting up the contact form…"), N_("Removing the contact form…"),
    N_("The contact form could not be set up") },
  { "AWS::IAM::", N_("Setting up the permissions…"), N_("Removing the permissions…"),
    N_("The permissions that the site needs could not be set up") },
  { "AWS::Logs::", N_("Setting up the contact form…"), N_("Removing the contact form…"),
    N_("The contact form could not be set up") },
  { "", N_("Setting up the site…"), N_("Removing the site…"), N_("A part of the site could not be set up") },
};

static const Part *
find_part (const char *type)
{
  guint i = 0;

  while (!g_str_has_prefix (type != NULL ? type : "", parts[i].type))
    i++;

  return &parts[i];
}

static void
porch_stack_finalize (GObject *object)
{
  PorchStack *self = PORCH_STACK (object);

  g_clear_object (&self->client);
  g_clear_pointer (&self->name, g_free);
  g_clear_pointer (&self->site_id, g_free);
  g_clear_pointer (&self->answer, aws_stack_unref);
  g_clear_pointer (&self->failed_part, g_free);
  g_clear_pointer (&self->changes, porch_stack_changes_unref);

  G_OBJECT_CLASS (porch_stack_parent_class)->finalize (object);
}

static void
porch_stack_class_init (PorchStackClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = porch_stack_finalize;
}

static void
porch_stack_init (PorchStack *self)
{
}

/**
 * porch_stack_new:
 * @client: a client for the region of the site
 * @name: the name of the stack
 * @site_id: the site it belongs to
 *
 * Returns: (transfer full): the stack; nothing is asked or made yet
 */
PorchStack *
porch_stack_new (AwsClient  *client,
                 const char *name,
                 const char *site_id)
{
  PorchStack *self;

  g_return_val_if_fail (AWS_IS_CLIENT (client), NULL);
  g_return_val_if_fail (name != NULL && site_id != NULL, NULL);

  self = g_object_new (PORCH_TYPE_STACK, NULL);
  self->client = g_object_ref (client);
  self->name = g_strdup (name);
  self->site_id = g_strdup (site_id);

  return self;
}

/**
 * porch_stack_get_name:
 * @self: a stack
 *
 * Returns: (transfer none): its name
 */
const char *
porch_stack_get_name (PorchStack *self)
{
  g_return_val_if_fail (PORCH_IS_STACK (self), NULL);

  return self->name;
}

/**
 * porch_stack_get_status:
 * @self: a stack
 *
 * Returns: (transfer none): the last status that was seen, "" if there is no such stack
 */
const char *
porch_stack_get_status (PorchStack *self)
{
  g_return_val_if_fail (PORCH_IS_STACK (self), NULL);

  return self->answer != NULL ? aws_stack_get_status (self->answer) : "";
}

/**
 * porch_stack_get_answer:
 * @self: a stack
 *
 * Returns: (transfer none) (nullable): what was last told about it, `NULL` if there is no such stack
 */
AwsStack *
porch_stack_get_answer (PorchStack *self)
{
  g_return_val_if_fail (PORCH_IS_STACK (self), NULL);

  return self->answer;
}

/**
 * porch_stack_exists:
 * @self: a stack that was described
 *
 * Returns: whether there is such a stack
 */
gboolean
porch_stack_exists (PorchStack *self)
{
  g_return_val_if_fail (PORCH_IS_STACK (self), FALSE);

  return self->answer != NULL && !g_str_equal (aws_stack_get_status (self->answer), "DELETE_COMPLETE");
}

/**
 * porch_stack_is_busy:
 * @self: a stack that was described
 *
 * Returns: whether something is being done to it
 */
gboolean
porch_stack_is_busy (PorchStack *self)
{
  g_return_val_if_fail (PORCH_IS_STACK (self), FALSE);

  return self->answer != NULL && aws_stack_is_busy (self->answer);
}

/**
 * porch_stack_is_usable:
 * @self: a stack that was described
 *
 * Returns: whether its resources are there
 */
gboolean
porch_stack_is_usable (PorchStack *self)
{
  g_return_val_if_fail (PORCH_IS_STACK (self), FALSE);

  return self->answer != NULL && aws_stack_is_usable (self->answer);
}

/**
 * porch_stack_is_empty:
 * @self: a stack that was described
 *
 * Returns: whether it is only a name so far, under which a first list of changes waits
 */
gboolean
porch_stack_is_empty (PorchStack *self)
{
  g_return_val_if_fail (PORCH_IS_STACK (self), FALSE);

  return self->answer != NULL && g_str_equal (aws_stack_get_status (self->answer), "REVIEW_IN_PROGRESS");
}

/**
 * porch_stack_is_ours:
 * @self: a stack that was described
 *
 * A stack gets its tags when its first change set is carried out. Before that it holds nothing, and its name, which ends
 * at random, is all that tells.
 *
 * Returns: whether it carries the mark of this very site
 */
gboolean
porch_stack_is_ours (PorchStack *self)
{
  g_return_val_if_fail (PORCH_IS_STACK (self), FALSE);

  if (porch_stack_is_empty (self))
    return TRUE;

  return self->answer != NULL &&
         g_strcmp0 (aws_stack_get_tag (self->answer, PORCH_STACK_TAG), PORCH_STACK_TAG_VALUE) == 0 &&
         g_strcmp0 (aws_stack_get_tag (self->answer, PORCH_STACK_SITE_TAG), self->site_id) == 0;
}

static DexFuture *
described_cb (DexFuture *future,
              gpointer   user_data)
{
  PorchStack *self = user_data;
  g_autoptr(GError) error = NULL;
  const GValue *value = dex_future_get_value (future, &error);

  if (value == NULL && !g_error_matches (error, AWS_ERROR, AWS_ERROR_NOT_FOUND))
    return dex_future_new_for_error (g_steal_pointer (&error));

  g_clear_pointer (&self->answer, aws_stack_unref);
  self->answer = value != NULL ? g_value_dup_boxed (value) : NULL;

  return dex_future_new_true ();
}

/**
 * porch_stack_describe:
 * @self: a stack
 *
 * Asks how it is; see the getters.
 *
 * Returns: (transfer full): a future that resolves to %TRUE, also if there is no such stack; rejected with an %AWS_ERROR
 */
DexFuture *
porch_stack_describe (PorchStack *self)
{
  g_autofree char *name = NULL;

  dex_return_error_if_fail (PORCH_IS_STACK (self));

  /* A name is free again once the stack is deleted; only the id still finds its end */
  name = g_strdup (self->answer != NULL ? aws_stack_get_id (self->answer) : self->name);

  return dex_future_finally (aws_cloudformation_describe_stack (self->client, name),
                             described_cb, g_object_ref (self), g_object_unref);
}

/* A parameter without a value stays as it is, and so does one that is not named at all. */
static void
add_parameters (PorchStack   *self,
                AwsStackSpec *spec,
                JsonObject   *template,
                JsonObject   *parameters)
{
  JsonObject *known = aws_json_get_object (template, "Parameters");
  g_autoptr(GList) names = known != NULL ? json_object_get_members (known) : NULL;

  for (GList *l = names; l != NULL; l = l->next)
    if (aws_json_get_string (parameters, l->data) != NULL)
      aws_stack_spec_add_parameter (spec, l->data, aws_json_get_string (parameters, l->data));
    else if (json_object_has_member (parameters, l->data) ||
             (self->answer != NULL && aws_stack_get_parameter (self->answer, l->data) != NULL))
      aws_stack_spec_keep_parameter (spec, l->data);
}

static AwsStackSpec *
build_spec (PorchStack *self,
            GBytes     *text,
            JsonObject *parameters,
            const char *token)
{
  g_autoptr(JsonObject) template = aws_json_load_object (text, NULL);
  g_autofree char *body = g_strndup (g_bytes_get_data (text, NULL), g_bytes_get_size (text));
  AwsStackSpec *spec = aws_stack_spec_new (self->name, body);

  if (template != NULL)
    add_parameters (self, spec, template, parameters);

  aws_stack_spec_add_tag (spec, PORCH_STACK_TAG, PORCH_STACK_TAG_VALUE);
  aws_stack_spec_add_tag (spec, PORCH_STACK_SITE_TAG, self->site_id);
  aws_stack_spec_add_capability (spec, "CAPABILITY_IAM");
  aws_stack_spec_set_client_token (spec, token);

  return spec;
}

static JsonObject *
find_router (JsonObject *template)
{
  JsonObject *resources = template != NULL ? aws_json_get_object (template, "Resources") : NULL;
  JsonObject *router = resources != NULL ? aws_json_get_object (resources, "Router") : NULL;

  return router != NULL ? aws_json_get_object (router, "Properties") : NULL;
}

/* Without a store the live release is noted in the function's code, which an update of the resources would take back. As
 * long as the template says of the code what it said before, it is not touched. */
static DexFuture *
keep_code_cb (DexFuture *future,
              gpointer   user_data)
{
  const char *before = g_value_get_string (dex_future_get_value (future, NULL));
  g_autoptr(GBytes) before_bytes = g_bytes_new (before, strlen (before));
  g_autoptr(JsonObject) old = aws_json_load_object (before_bytes, NULL);
  g_autoptr(JsonObject) template = NULL;
  g_autoptr(GBytes) shipped = NULL;
  g_autoptr(GError) error = NULL;
  JsonObject *old_router = find_router (old);
  JsonObject *router;

  if ((shipped = porch_stack_load_template (&error)) == NULL)
    return dex_future_new_for_error (g_steal_pointer (&error));

  template = aws_json_load_object (shipped, NULL);
  router = find_router (template);

  if (router != NULL && old_router != NULL && json_object_has_member (old_router, "FunctionCode"))
    json_object_set_member (router, "FunctionCode", json_object_dup_member (old_router, "FunctionCode"));

  return dex_future_new_take_boxed (G_TYPE_BYTES, template != NULL ? aws_json_object_to_bytes (template)
                                                                   : g_steal_pointer (&shipped));
}

/**
 * porch_stack_fit_template:
 * @self: a stack that was described
 *
 * Returns: (transfer full): a future that resolves to the template to change the stack with, a [struct@GLib.Bytes];
 *   rejected with an %AWS_ERROR
 */
DexFuture *
porch_stack_fit_template (PorchStack *self)
{
  g_autoptr(GBytes) template = NULL;
  g_autoptr(GError) error = NULL;

  dex_return_error_if_fail (PORCH_IS_STACK (self));

  if (self->answer != NULL && g_strcmp0 (aws_stack_get_parameter (self->answer, "StoreEnabled"), "false") == 0)
    return dex_future_then (aws_cloudformation_get_template (self->client, aws_stack_get_id (self->answer)),
                            keep_code_cb, NULL, NULL);

  if ((template = porch_stack_load_template (&error)) == NULL)
    return dex_future_new_for_error (g_steal_pointer (&error));

  return dex_future_new_take_boxed (G_TYPE_BYTES, g_steal_pointer (&template));
}

typedef struct
{
  PorchStack        *stack;
  JsonObject        *parameters;
  char              *token;
  PorchStackChanges *changes;
  gboolean           is_dropped;
} Change;

static void
change_free (gpointer data)
{
  Change *change = data;

  g_object_unref (change->stack);
  g_clear_pointer (&change->parameters, json_object_unref);
  g_clear_pointer (&change->changes, porch_stack_changes_unref);
  g_free (change->token);
  g_free (change);
}

/* What was begun at the service goes on there; nothing more is begun */
static void
change_drop (gpointer data)
{
  Change *change = data;

  change->is_dropped = TRUE;
}

static Change *
change_new (PorchStack *stack,
            JsonObject *parameters,
            const char *token)
{
  Change *change = g_new0 (Change, 1);

  change->stack = g_object_ref (stack);
  change->parameters = parameters != NULL ? json_object_ref (parameters) : NULL;
  change->token = g_strdup (token);

  return change;
}

/* By its id where it has one: a name may belong to another meanwhile */
static const char *
get_target (PorchStack *self)
{
  return porch_stack_exists (self) ? aws_stack_get_id (self->answer) : self->name;
}

static gboolean
await_set_made (Change  *change,
                GError **error)
{
  PorchStack *self = change->stack;
  gboolean is_new = !porch_stack_exists (self) || porch_stack_is_empty (self);
  g_autoptr(AwsStackSpec) spec = NULL;
  g_autoptr(GBytes) template = NULL;
  g_autofree char *id = NULL;

  if ((template = dex_await_boxed (porch_stack_fit_template (self), error)) == NULL)
    return FALSE;

  spec = build_spec (self, template, change->parameters, change->token);
  id = dex_await_string (aws_cloudformation_create_change_set (self->client, spec, change->token, is_new), error);

  /* A new stack begins to be with its first change set */
  return id != NULL && (!is_new || dex_await (porch_stack_describe (self), error));
}

static AwsChangeSet *
await_set_described (Change  *change,
                     GError **error)
{
  return dex_await_boxed (aws_cloudformation_describe_change_set (change->stack->client, get_target (change->stack),
                                                                  change->token), error);
}

static gboolean
is_executed (AwsChangeSet *set)
{
  return g_str_has_prefix (aws_change_set_get_execution_status (set), "EXECUTE_");
}

/* The change set of this token, as an earlier call left it or else made now; NULL without an error if there is nothing to
 * change. */
static AwsChangeSet *
await_set (Change  *change,
           GError **error)
{
  g_autoptr(AwsChangeSet) set = NULL;
  g_autoptr(GError) local_error = NULL;
  guint pause = FIRST_LOOK;

  if (!porch_stack_exists (change->stack) || (set = await_set_described (change, &local_error)) == NULL)
    {
      if (g_error_matches (local_error, AWS_ERROR, AWS_ERROR_NOT_FOUND))
        g_clear_error (&local_error);

      if (local_error == NULL && await_set_made (change, &local_error))
        set = await_set_described (change, &local_error);
    }

  while (set != NULL && aws_change_set_is_busy (set) && !change->is_dropped)
    {
      dex_await (dex_timeout_new_msec (pause), NULL);
      pause = MIN (pause * 2, LAST_LOOK);
      g_clear_pointer (&set, aws_change_set_unref);
      set = await_set_described (change, &local_error);
    }

  if (set == NULL && !g_error_matches (local_error, AWS_ERROR, AWS_ERROR_NO_UPDATE))
    g_propagate_error (error, g_steal_pointer (&local_error));

  return g_steal_pointer (&set);
}

static void
await_set_dropped (Change *change)
{
  g_autoptr(GError) error = NULL;

  /* It does nothing by itself, and goes when the next one is carried out */
  if (!dex_await (aws_cloudformation_delete_change_set (change->stack->client, get_target (change->stack), change->token),
                  &error))
    g_debug ("A list of changes stays: %s", error->message);
}

static gboolean
check_set (AwsChangeSet  *set,
           GError       **error)
{
  g_autoptr(GError) local_error = NULL;

  if (g_strcmp0 (aws_change_set_get_status (set), "CREATE_COMPLETE") == 0 || is_executed (set))
    return TRUE;

  local_error = g_error_new_literal (PORCH_ERROR, PORCH_ERROR_STACK, _("What has to be changed could not be found out"));
  porch_error_set_details (local_error, aws_change_set_get_status_reason (set));
  g_propagate_error (error, g_steal_pointer (&local_error));

  return FALSE;
}

/* Finds out what would be done and keeps it in @change. */
static gboolean
await_prepared (Change    *change,
                gboolean  *executed,
                GError   **error)
{
  g_autoptr(AwsChangeSet) set = NULL;
  g_autoptr(GPtrArray) list = NULL;
  g_autoptr(GError) local_error = NULL;

  if (!dex_await (porch_stack_describe (change->stack), error))
    return FALSE;

  set = await_set (change, &local_error);

  if (local_error != NULL || (set != NULL && !check_set (set, &local_error)))
    {
      if (set != NULL)
        await_set_dropped (change);
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }

  if (set == NULL)
    await_set_dropped (change);
  else if ((list = dex_await_boxed (aws_cloudformation_list_changes (change->stack->client, get_target (change->stack),
                                                                     change->token), error)) == NULL)
    return FALSE;

  *executed = set != NULL && is_executed (set);
  change->changes = porch_stack_changes_new (list, change->stack->answer, change->parameters);
  g_clear_pointer (&change->stack->changes, porch_stack_changes_unref);
  change->stack->changes = porch_stack_changes_ref (change->changes);

  return TRUE;
}

static DexFuture *
prepare_fiber (gpointer user_data)
{
  Change *change = user_data;
  g_autoptr(GError) error = NULL;
  gboolean executed;

  if (!await_prepared (change, &executed, &error))
    return dex_future_new_for_error (g_steal_pointer (&error));

  return dex_future_new_take_boxed (PORCH_TYPE_STACK_CHANGES, porch_stack_changes_ref (change->changes));
}

/**
 * porch_stack_prepare:
 * @self: a stack
 * @parameters: names and values of the parameters; those that are not named, or are `null`, stay as they are
 * @token: a name for this very change: a letter first, then letters, digits and hyphens, up to 128
 *
 * Finds out what a change would do, and does nothing yet. [method@Porch.Stack.change] with the same token carries it
 * out; [method@Porch.Stack.drop_changes] forgets it.
 *
 * Returns: (transfer full): a future that resolves to [struct@Porch.StackChanges]; rejected with an %AWS_ERROR or
 *   %PORCH_ERROR_STACK
 */
DexFuture *
porch_stack_prepare (PorchStack *self,
                     JsonObject *parameters,
                     const char *token)
{
  dex_return_error_if_fail (PORCH_IS_STACK (self));
  dex_return_error_if_fail (parameters != NULL && token != NULL);

  return porch_fiber_spawn (prepare_fiber, change_new (self, parameters, token), change_free, change_drop);
}

static DexFuture *
change_fiber (gpointer user_data)
{
  Change *change = user_data;
  g_autoptr(GError) error = NULL;
  gboolean executed;

  if (!await_prepared (change, &executed, &error))
    return dex_future_new_for_error (g_steal_pointer (&error));

  if (porch_stack_changes_is_empty (change->changes))
    return dex_future_new_for_boolean (FALSE);

  if (!executed && !porch_stack_changes_check (change->changes, &error))
    {
      await_set_dropped (change);
      return dex_future_new_for_error (g_steal_pointer (&error));
    }

  if (change->is_dropped)
    return dex_future_new_reject (G_IO_ERROR, G_IO_ERROR_CANCELLED, "Nobody waits any more");

  if (!executed && !dex_await (aws_cloudformation_execute_change_set (change->stack->client, get_target (change->stack),
                                                                      change->token, change->token), &error))
    return dex_future_new_for_error (g_steal_pointer (&error));

  return dex_future_new_true ();
}

/**
 * porch_stack_change:
 * @self: a stack
 * @parameters: names and values of the parameters; those that are not named, or are `null`, stay as they are
 * @token: a name for this very change, as for [method@Porch.Stack.prepare]; a call that is repeated with the same one
 *   changes nothing
 *
 * Begins to make or change the resources.
 *
 * Returns: (transfer full): a future that resolves to whether something was begun, %FALSE if all is as it should be;
 *   rejected with %PORCH_ERROR_REPLACES if the files, the messages or the free address of the site would be lost, else
 *   with an %AWS_ERROR or %PORCH_ERROR_STACK
 */
DexFuture *
porch_stack_change (PorchStack *self,
                    JsonObject *parameters,
                    const char *token)
{
  dex_return_error_if_fail (PORCH_IS_STACK (self));
  dex_return_error_if_fail (parameters != NULL && token != NULL);

  return porch_fiber_spawn (change_fiber, change_new (self, parameters, token), change_free, change_drop);
}

static DexFuture *
drop_fiber (gpointer user_data)
{
  Change *change = user_data;
  g_autoptr(GError) error = NULL;

  if (!dex_await (porch_stack_describe (change->stack), &error))
    return dex_future_new_for_error (g_steal_pointer (&error));

  if (porch_stack_exists (change->stack))
    await_set_dropped (change);

  return dex_future_new_true ();
}

/**
 * porch_stack_drop_changes:
 * @self: a stack
 * @token: the token given to [method@Porch.Stack.prepare]
 *
 * Forgets what was found out. That costs nothing and changes nothing.
 *
 * Returns: (transfer full): a future that resolves to %TRUE; rejected with an %AWS_ERROR
 */
DexFuture *
porch_stack_drop_changes (PorchStack *self,
                          const char *token)
{
  dex_return_error_if_fail (PORCH_IS_STACK (self));
  dex_return_error_if_fail (token != NULL);

  return porch_fiber_spawn (drop_fiber, change_new (self, NULL, token), change_free, change_drop);
}

/**
 * porch_stack_delete:
 * @self: a stack that was described
 * @token: a token that makes the call safe to repeat
 *
 * Begins to delete the resources.
 *
 * Returns: (transfer full): a future that resolves to %TRUE; rejected with %PORCH_ERROR_NOT_OURS if the stack does not
 *   carry the site's mark
 */
DexFuture *
porch_stack_delete (PorchStack *self,
                    const char *token)
{
  dex_return_error_if_fail (PORCH_IS_STACK (self));
  dex_return_error_if_fail (token != NULL);

  if (!porch_stack_is_ours (self))
    return dex_future_new_reject (PORCH_ERROR, PORCH_ERROR_NOT_OURS, "%s",
                                  _("The site’s resources do not carry the mark of this site."));

  g_clear_pointer (&self->changes, porch_stack_changes_unref);

  return aws_cloudformation_delete_stack (self->client, aws_stack_get_id (self->answer), token, NULL);
}

static gboolean
is_own_event (PorchStack    *self,
              AwsStackEvent *event)
{
  return g_strcmp0 (aws_stack_event_get_resource_type (event), "AWS::CloudFormation::Stack") == 0;
}

typedef struct
{
  PorchStackProgress *progress;
  char               *last_event;
  char               *failed_type;
  char               *failed_reason;
} Watch;

static void
watch_clear (Watch *watch)
{
  g_clear_object (&watch->progress);
  g_clear_pointer (&watch->last_event, g_free);
  g_clear_pointer (&watch->failed_type, g_free);
  g_clear_pointer (&watch->failed_reason, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Watch, watch_clear)

/* Only the first failure says why; the others were called off because of it */
static void
take_failure (PorchStack    *self,
              Watch         *watch,
              AwsStackEvent *event)
{
  const char *reason = aws_stack_event_get_reason (event);

  if (watch->failed_type != NULL || (reason != NULL && strstr (reason, "cancelled") != NULL))
    return;

  watch->failed_type = g_strdup (aws_stack_event_get_resource_type (event));
  g_set_str (&self->failed_part, aws_stack_event_get_logical_id (event));
  watch->failed_reason = g_strdup_printf ("%s (%s): %s", aws_stack_event_get_logical_id (event),
                                          aws_stack_event_get_resource_type (event),
                                          reason != NULL ? reason : aws_stack_event_get_status (event));
}

/* Each create, change or deletion begins with an event of the stack itself: what was before is history */
static void
take_beginning (PorchStack    *self,
                Watch         *watch,
                AwsStackEvent *event)
{
  const char *status = aws_stack_event_get_status (event);
  g_autoptr(GDateTime) time = aws_stack_event_dup_time (event);

  if (!g_str_has_suffix (status, "_IN_PROGRESS") || strstr (status, "ROLLBACK") != NULL || strstr (status, "CLEANUP") != NULL)
    return;

  porch_stack_progress_begin (watch->progress, time != NULL ? g_date_time_to_unix_usec (time) : g_get_real_time ());
  g_clear_pointer (&watch->failed_type, g_free);
  g_clear_pointer (&watch->failed_reason, g_free);
  g_clear_pointer (&self->failed_part, g_free);
}

static void
take_event (PorchStack    *self,
            Watch         *watch,
            AwsStackEvent *event)
{
  if (is_own_event (self, event))
    take_beginning (self, watch, event);
  else if (aws_stack_event_is_failure (event))
    take_failure (self, watch, event);
  else
    porch_stack_progress_take (watch->progress, event);
}

static void
show_progress (PorchStack     *self,
               Watch          *watch,
               PorchOperation *operation)
{
  gint64 now = g_get_real_time ();
  const char *type;
  const char *doing;
  g_autofree char *left = NULL;
  g_autofree char *text = NULL;
  gboolean is_removed;

  if (strstr (porch_stack_get_status (self), "ROLLBACK") != NULL)
    {
      porch_operation_set_detail (operation, _("Something failed. What was begun is taken back…"));
      return;
    }

  porch_operation_set_step_progress (operation, porch_stack_progress_get_fraction (watch->progress, now));
  left = porch_stack_progress_describe (porch_stack_progress_get_remaining (watch->progress, now));

  if ((type = porch_stack_progress_get_work (watch->progress, now, &is_removed)) == NULL)
    return;

  doing = is_removed ? find_part (type)->removing : find_part (type)->making;

  /* Translators: two sentences: what is going on, and how long it will still take */
  text = left != NULL ? g_strdup_printf (C_("progress", "%s %s"), _(doing), left) : g_strdup (_(doing));
  porch_operation_set_detail (operation, text);
}

static gboolean
look (PorchStack      *self,
      Watch           *watch,
      PorchOperation  *operation,
      GError         **error)
{
  g_autoptr(GPtrArray) events = NULL;

  if (!dex_await (porch_operation_until_stopped (operation, porch_stack_describe (self)), error))
    return FALSE;

  if (self->answer == NULL)
    return TRUE;

  events = dex_await_boxed (porch_operation_until_stopped (operation,
                                                           aws_cloudformation_describe_stack_events (self->client,
                                                                                                     aws_stack_get_id (self->answer),
                                                                                                     watch->last_event)),
                            error);

  if (events == NULL)
    return FALSE;

  for (guint i = events->len; i > 0; i--)
    take_event (self, watch, g_ptr_array_index (events, i - 1));

  if (events->len > 0)
    g_set_str (&watch->last_event, aws_stack_event_get_id (g_ptr_array_index (events, 0)));

  show_progress (self, watch, operation);

  return TRUE;
}

static char *
build_times_key (PorchOperation *operation)
{
  PorchSite *site = porch_operation_get_site (operation);

  return site != NULL ? g_strconcat ("stack-times:", porch_account_get_id (porch_site_get_account (site)), NULL) : NULL;
}

static PorchStore *
get_store (PorchOperation *operation)
{
  return porch_engine_get_store (porch_operation_get_engine (operation));
}

/* What was done last time in this account tells how long it takes this time; without that there is the usual. */
static JsonObject *
await_times (PorchOperation *operation)
{
  g_autofree char *key = build_times_key (operation);
  g_autofree char *text = key != NULL ? dex_await_string (porch_store_dup_setting (get_store (operation), key), NULL) : NULL;
  g_autoptr(GBytes) bytes = text != NULL ? g_bytes_new (text, strlen (text)) : NULL;

  return bytes != NULL ? aws_json_load_object (bytes, NULL) : NULL;
}

static gboolean
await_times_kept (PorchOperation *operation,
                  Watch          *watch)
{
  g_autofree char *key = build_times_key (operation);
  g_autoptr(JsonObject) times = porch_stack_progress_dup_times (watch->progress);
  g_autoptr(GBytes) bytes = aws_json_object_to_bytes (times);
  g_autofree char *text = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  g_autoptr(GError) error = NULL;

  /* The next estimate is a little worse without it, no more */
  if (key != NULL && !dex_await (porch_store_set_setting (get_store (operation), key, text), &error))
    g_debug ("How long it took could not be kept: %s", error->message);

  return TRUE;
}

/* What is not known to be changed here is removed, or was begun by an earlier process */
static void
await_expected (PorchStack         *self,
                PorchStackProgress *progress)
{
  g_autoptr(GPtrArray) resources = NULL;
  gboolean is_removing = strstr (porch_stack_get_status (self), "DELETE") != NULL;

  if (self->answer == NULL)
    return;

  resources = dex_await_boxed (aws_cloudformation_describe_stack_resources (self->client, aws_stack_get_id (self->answer)), NULL);

  for (guint i = 0; resources != NULL && i < resources->len; i++)
    {
      AwsStackResource *resource = g_ptr_array_index (resources, i);

      porch_stack_progress_expect (progress, aws_stack_resource_get_logical_id (resource),
                                   aws_stack_resource_get_resource_type (resource), is_removing ? "Remove" : "Add");
    }
}

static PorchStackProgress *
await_progress (PorchStack     *self,
                PorchOperation *operation,
                gboolean        is_quick)
{
  g_autoptr(GBytes) bytes = porch_stack_load_template (NULL);
  g_autoptr(JsonObject) template = bytes != NULL ? aws_json_load_object (bytes, NULL) : NULL;
  g_autoptr(JsonObject) times = await_times (operation);
  PorchStackProgress *progress = porch_stack_progress_new (template != NULL ? aws_json_get_object (template, "Resources") : NULL,
                                                           times, is_quick ? QUICK_SCALE : 1);

  porch_stack_progress_begin (progress, g_get_real_time ());

  if (self->changes != NULL)
    porch_stack_changes_expect (self->changes, progress);
  else
    await_expected (self, progress);

  return progress;
}

static gboolean
judge (PorchStack  *self,
       Watch       *watch,
       GError     **error)
{
  const char *status = porch_stack_get_status (self);
  g_autoptr(GError) local_error = NULL;

  /* Gone is the good end of a deletion; what it means otherwise is the caller's to say */
  if (!porch_stack_exists (self))
    return TRUE;

  if (porch_stack_is_usable (self) && strstr (status, "ROLLBACK") == NULL)
    return TRUE;

  local_error = g_error_new_literal (PORCH_ERROR, PORCH_ERROR_STACK, _(find_part (watch->failed_type)->failed));
  porch_error_set_details (local_error,
                           watch->failed_reason != NULL ? watch->failed_reason
                                                        : aws_stack_get_status_reason (self->answer));
  g_propagate_error (error, g_steal_pointer (&local_error));

  return FALSE;
}

static gboolean
is_passing (const GError *error)
{
  return g_error_matches (error, AWS_ERROR, AWS_ERROR_UNREACHABLE) ||
         g_error_matches (error, AWS_ERROR, AWS_ERROR_TIMED_OUT) ||
         g_error_matches (error, AWS_ERROR, AWS_ERROR_THROTTLED) ||
         g_error_matches (error, AWS_ERROR, AWS_ERROR_SERVER);
}

/**
 * porch_stack_await_end:
 * @self: a stack to which something is being done
 * @operation: the operation that shows how far it is, and that can be stopped
 * @is_quick: whether to look often
 * @error: return location
 *
 * Waits, in a fiber, until nothing is being done to the stack any more.
 *
 * Returns: %TRUE if all went well or if the stack is gone; %FALSE with %PORCH_ERROR_STACK and the first failure
 */
gboolean
porch_stack_await_end (PorchStack      *self,
                       PorchOperation  *operation,
                       gboolean         is_quick,
                       GError         **error)
{
  g_auto(Watch) watch = { 0 };
  double pause = is_quick ? QUICK_PAUSE : FIRST_PAUSE;
  guint n_failed = 0;

  watch.progress = await_progress (self, operation, is_quick);

  for (;;)
    {
      g_autoptr(GError) local_error = NULL;

      if (look (self, &watch, operation, &local_error))
        {
          n_failed = 0;

          if (!porch_stack_exists (self) || !porch_stack_is_busy (self))
            return judge (self, &watch, error) && await_times_kept (operation, &watch);
        }
      else if (!is_passing (local_error) || ++n_failed == PATIENCE)
        {
          g_propagate_error (error, g_steal_pointer (&local_error));
          return FALSE;
        }

      porch_operation_set_waiting (operation, n_failed > 0);
      g_clear_error (&local_error);

      if (!dex_await (porch_operation_until_stopped (operation, dex_timeout_new_msec (pause * 1000)), &local_error) &&
          !g_error_matches (local_error, DEX_ERROR, DEX_ERROR_TIMED_OUT))
        {
          g_propagate_error (error, g_steal_pointer (&local_error));
          return FALSE;
        }

      if (!is_quick)
        pause = MIN (pause * 1.15, LAST_PAUSE);
    }
}

/* Another place than AWS itself is near, and answers at once */
static gboolean
is_quick_site (PorchOperation *operation)
{
  PorchSite *site = porch_operation_get_site (operation);

  return site != NULL && porch_account_get_endpoint (porch_site_get_account (site)) != NULL;
}

static gboolean
await_token (PorchOperation  *operation,
             GError         **error)
{
  JsonObject *data = porch_operation_get_data (operation);
  g_autofree char *uuid = NULL;
  g_autofree char *token = NULL;

  if (aws_json_get_string (data, TOKEN) != NULL)
    return TRUE;

  uuid = g_uuid_string_random ();
  token = g_strconcat ("porchlight-", uuid, NULL);
  json_object_set_string_member (data, TOKEN, token);

  return dex_await (porch_operation_save (operation), error);
}

/* One change after the other: an earlier one that failed has been taken back, and does not matter any more */
static gboolean
await_idle (PorchStack      *self,
            PorchOperation  *operation,
            gboolean         is_quick,
            GError         **error)
{
  g_autoptr(GError) ended = NULL;

  if (!porch_stack_is_busy (self) || porch_stack_await_end (self, operation, is_quick, &ended) ||
      g_error_matches (ended, PORCH_ERROR, PORCH_ERROR_STACK))
    return TRUE;

  g_propagate_error (error, g_steal_pointer (&ended));

  return FALSE;
}

/* A change that could not even be taken back leaves a stack that refuses everything until that is done */
static gboolean
await_taken_back (PorchStack      *self,
                  PorchOperation  *operation,
                  gboolean         is_quick,
                  GError         **error)
{
  if (!g_str_equal (porch_stack_get_status (self), "UPDATE_ROLLBACK_FAILED"))
    return TRUE;

  porch_operation_set_detail (operation, _("Taking back what an earlier change left…"));

  return dex_await (aws_cloudformation_continue_update_rollback (self->client, get_target (self), NULL, NULL), error) &&
         dex_await (porch_stack_describe (self), error) &&
         await_idle (self, operation, is_quick, error);
}

static gboolean
await_carried_out (PorchStack      *self,
                   PorchOperation  *operation,
                   JsonObject      *parameters,
                   gboolean         is_quick,
                   GError         **error)
{
  JsonObject *data = porch_operation_get_data (operation);
  g_autoptr(GError) local_error = NULL;
  gboolean has_begun;

  if (!await_token (operation, error))
    return FALSE;

  porch_operation_set_detail (operation, _("Finding out what has to be done…"));
  has_begun = dex_await_boolean (porch_operation_until_stopped (operation, porch_stack_change (self, parameters,
                                                                                               aws_json_get_string (data, TOKEN))),
                                 &local_error);

  if (has_begun)
    porch_operation_set_changes (operation, porch_stack_changes_get_sentences (self->changes));

  if (local_error == NULL && (!has_begun || porch_stack_await_end (self, operation, is_quick, &local_error)))
    {
      json_object_remove_member (data, TOKEN);
      return TRUE;
    }

  /* What has failed once fails again under the same token; the next try is another change */
  if (g_error_matches (local_error, PORCH_ERROR, PORCH_ERROR_STACK) ||
      g_error_matches (local_error, PORCH_ERROR, PORCH_ERROR_REPLACES))
    json_object_remove_member (data, TOKEN);

  g_propagate_error (error, g_steal_pointer (&local_error));

  return FALSE;
}

/**
 * porch_stack_await_creation:
 * @self: a stack that is not there, or whose making was interrupted
 * @operation: the operation that shows how far it is, and that can be stopped
 * @parameters: names and values of the parameters
 * @error: return location
 *
 * Makes the resources, in the operation's fiber. The token of the change is written into the operation's data before it
 * is sent, so that an operation that is taken up again goes on with the same change.
 *
 * Returns: %TRUE if all is there; %FALSE with %PORCH_ERROR_STACK and the first failure, or with an %AWS_ERROR
 */
gboolean
porch_stack_await_creation (PorchStack      *self,
                            PorchOperation  *operation,
                            JsonObject      *parameters,
                            GError         **error)
{
  g_return_val_if_fail (PORCH_IS_STACK (self) && PORCH_IS_OPERATION (operation), FALSE);

  return await_carried_out (self, operation, parameters, is_quick_site (operation), error);
}

/**
 * porch_stack_await_change:
 * @self: a stack
 * @operation: the operation that shows how far it is, and that can be stopped
 * @parameters: names and values of the parameters; those that are not named, or are `null`, stay as they are
 * @error: return location
 *
 * Changes the resources, in the operation's fiber: waits for what is underway, finds out what has to be done, does it and
 * waits for its end. If there is nothing to be done, that is all. Like [method@Porch.Stack.await_creation] it can be
 * taken up again.
 *
 * Returns: %TRUE if all is as asked; %FALSE with %PORCH_ERROR_NOT_OURS if the resources do not belong to the site,
 *   %PORCH_ERROR_REPLACES, %PORCH_ERROR_STACK and the first failure, or an %AWS_ERROR
 */
gboolean
porch_stack_await_change (PorchStack      *self,
                          PorchOperation  *operation,
                          JsonObject      *parameters,
                          GError         **error)
{
  gboolean is_quick;

  g_return_val_if_fail (PORCH_IS_STACK (self) && PORCH_IS_OPERATION (operation), FALSE);
  g_return_val_if_fail (parameters != NULL, FALSE);

  is_quick = is_quick_site (operation);

  if (!dex_await (porch_operation_until_stopped (operation, porch_stack_describe (self)), error))
    return FALSE;

  if (!porch_stack_exists (self) || porch_stack_is_empty (self) || !porch_stack_is_ours (self))
    {
      g_set_error_literal (error, PORCH_ERROR, PORCH_ERROR_NOT_OURS,
                           _("The site’s resources are gone or do not carry the mark of this site."));
      return FALSE;
    }

  return await_idle (self, operation, is_quick, error) &&
         await_taken_back (self, operation, is_quick, error) &&
         await_carried_out (self, operation, parameters, is_quick, error);
}

/**
 * porch_stack_get_failed_part:
 * @self: a stack whose end was awaited
 *
 * Returns: (transfer none) (nullable): name in the template of the first part that failed
 */
const char *
porch_stack_get_failed_part (PorchStack *self)
{
  g_return_val_if_fail (PORCH_IS_STACK (self), NULL);

  return self->failed_part;
}

/**
 * porch_stack_load_template:
 * @error: return location
 *
 * Returns: (transfer full) (nullable): the template that sites are made from, as JSON
 */
GBytes *
porch_stack_load_template (GError **error)
{
  return g_resources_lookup_data (TEMPLATE, G_RESOURCE_LOOKUP_FLAGS_NONE, error);
}
