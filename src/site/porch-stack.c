/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-stack.h"
#include "porch-error.h"

#include "aws-error.h"
#include "aws-json.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define TEMPLATE PORCH_RESOURCE_PATH "/stacks/site.json"

/* Seconds between two looks: politely growing where everybody waits in one queue */
#define FIRST_PAUSE 3.0
#define LAST_PAUSE 15.0
#define QUICK_PAUSE 0.1

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
  { "AWS::CloudFront::Distribution", N_("Setting up the address, this can take some minutes…"),
    N_("Taking down the address, this can take some minutes…"), N_("The site’s address could not be set up") },
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
 * porch_stack_is_ours:
 * @self: a stack that was described
 *
 * Returns: whether it carries the mark of this very site
 */
gboolean
porch_stack_is_ours (PorchStack *self)
{
  g_return_val_if_fail (PORCH_IS_STACK (self), FALSE);

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

/**
 * porch_stack_create:
 * @self: a stack
 * @parameters: names and values of the parameters
 * @token: a token that makes the call safe to repeat
 *
 * Begins to make the resources.
 *
 * Returns: (transfer full): a future that resolves to the id of the stack; rejected with %AWS_ERROR_ALREADY_EXISTS if
 *   there is a stack of that name
 */
DexFuture *
porch_stack_create (PorchStack *self,
                    JsonObject *parameters,
                    const char *token)
{
  g_autoptr(AwsStackSpec) spec = NULL;
  g_autoptr(GBytes) template = NULL;
  g_autoptr(GError) error = NULL;

  dex_return_error_if_fail (PORCH_IS_STACK (self));
  dex_return_error_if_fail (parameters != NULL && token != NULL);

  if ((template = porch_stack_load_template (&error)) == NULL)
    return dex_future_new_for_error (g_steal_pointer (&error));

  spec = build_spec (self, template, parameters, token);

  return aws_cloudformation_create_stack (self->client, spec);
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
  PorchStack *stack;
  JsonObject *parameters;
  char       *token;
} Update;

static void
update_free (gpointer data)
{
  Update *update = data;

  g_object_unref (update->stack);
  json_object_unref (update->parameters);
  g_free (update->token);
  g_free (update);
}

static DexFuture *
update_cb (DexFuture *future,
           gpointer   user_data)
{
  Update *update = user_data;
  GBytes *template = g_value_get_boxed (dex_future_get_value (future, NULL));
  g_autoptr(AwsStackSpec) spec = build_spec (update->stack, template, update->parameters, update->token);

  return aws_cloudformation_update_stack (update->stack->client, spec);
}

/**
 * porch_stack_update:
 * @self: a stack that was described
 * @parameters: names and values of the parameters; those that are not named, or are `null`, stay as they are
 * @token: a token that makes the call safe to repeat
 *
 * Begins to change the resources.
 *
 * Returns: (transfer full): a future that resolves to the id of the stack; rejected with %AWS_ERROR_NO_UPDATE if all
 *   is as it should be
 */
DexFuture *
porch_stack_update (PorchStack *self,
                    JsonObject *parameters,
                    const char *token)
{
  Update *update;

  dex_return_error_if_fail (PORCH_IS_STACK (self));
  dex_return_error_if_fail (parameters != NULL && token != NULL);

  update = g_new0 (Update, 1);
  update->stack = g_object_ref (self);
  update->parameters = json_object_ref (parameters);
  update->token = g_strdup (token);

  return dex_future_then (porch_stack_fit_template (self), update_cb, update, update_free);
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

  return aws_cloudformation_delete_stack (self->client, aws_stack_get_id (self->answer), token, NULL);
}

/* How many resources this stack has, by its template and what is switched on */
static guint
count_resources (PorchStack *self)
{
  g_autoptr(GBytes) bytes = porch_stack_load_template (NULL);
  g_autoptr(JsonObject) template = bytes != NULL ? aws_json_load_object (bytes, NULL) : NULL;
  JsonObject *resources = template != NULL ? aws_json_get_object (template, "Resources") : NULL;
  gboolean has_form = self->answer != NULL &&
                      g_strcmp0 (aws_stack_get_parameter (self->answer, "FormEnabled"), "true") == 0;
  gboolean has_store = self->answer == NULL ||
                       g_strcmp0 (aws_stack_get_parameter (self->answer, "StoreEnabled"), "false") != 0;
  g_autoptr(GList) names = resources != NULL ? json_object_get_members (resources) : NULL;
  guint count = 0;

  for (GList *l = names; l != NULL; l = l->next)
    {
      const char *condition = aws_json_get_string (aws_json_get_object (resources, l->data), "Condition");

      if (condition == NULL || (g_str_equal (condition, "HasStore") ? has_store : has_form))
        count++;
    }

  return count;
}

static gboolean
is_own_event (PorchStack    *self,
              AwsStackEvent *event)
{
  return g_strcmp0 (aws_stack_event_get_resource_type (event), "AWS::CloudFormation::Stack") == 0;
}

typedef struct
{
  GHashTable *finished;     /* logical ids */
  char       *last_event;
  char       *failed_type;
  char       *failed_reason;
  guint       total;
  gboolean    is_removing;
} Watch;

static void
watch_clear (Watch *watch)
{
  g_clear_pointer (&watch->finished, g_hash_table_unref);
  g_clear_pointer (&watch->last_event, g_free);
  g_clear_pointer (&watch->failed_type, g_free);
  g_clear_pointer (&watch->failed_reason, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Watch, watch_clear)

static void
take_event (PorchStack     *self,
            Watch          *watch,
            AwsStackEvent  *event,
            PorchOperation *operation)
{
  const char *status = aws_stack_event_get_status (event);
  const char *reason = aws_stack_event_get_reason (event);
  const Part *part = find_part (aws_stack_event_get_resource_type (event));

  if (is_own_event (self, event))
    {
      /* Each create, change or deletion begins with an event of the stack itself: what was before is history */
      if (g_str_has_suffix (status, "_IN_PROGRESS") && strstr (status, "ROLLBACK") == NULL &&
          strstr (status, "CLEANUP") == NULL)
        {
          g_hash_table_remove_all (watch->finished);
          g_clear_pointer (&watch->failed_type, g_free);
          g_clear_pointer (&watch->failed_reason, g_free);
          g_clear_pointer (&self->failed_part, g_free);
        }
    }
  else if (aws_stack_event_is_failure (event))
    {
      /* Only the first failure says why; the others were called off because of it */
      if (watch->failed_type == NULL && (reason == NULL || strstr (reason, "cancelled") == NULL))
        {
          watch->failed_type = g_strdup (aws_stack_event_get_resource_type (event));
          g_set_str (&self->failed_part, aws_stack_event_get_logical_id (event));
          watch->failed_reason = g_strdup_printf ("%s (%s): %s", aws_stack_event_get_logical_id (event),
                                                  aws_stack_event_get_resource_type (event),
                                                  reason != NULL ? reason : status);
        }
    }
  else if (g_str_has_suffix (status, "_COMPLETE"))
    {
      g_hash_table_add (watch->finished, g_strdup (aws_stack_event_get_logical_id (event)));
    }
  else if (g_str_has_suffix (status, "_IN_PROGRESS"))
    {
      if (strstr (status, "ROLLBACK") != NULL)
        porch_operation_set_detail (operation, _("Something failed; cleaning up…"));
      else
        porch_operation_set_detail (operation, g_str_has_prefix (status, "DELETE") ? _(part->removing) : _(part->making));
    }
}

static gboolean
look (PorchStack      *self,
      Watch           *watch,
      PorchOperation  *operation,
      GError         **error)
{
  g_autoptr(GPtrArray) events = NULL;
  guint total;

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
    take_event (self, watch, g_ptr_array_index (events, i - 1), operation);

  if (events->len > 0)
    g_set_str (&watch->last_event, aws_stack_event_get_id (g_ptr_array_index (events, 0)));

  total = MAX (count_resources (self), 1);
  porch_operation_set_step_progress (operation, MIN (0.98, (double) g_hash_table_size (watch->finished) / total));

  return TRUE;
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

  watch.finished = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (;;)
    {
      g_autoptr(GError) local_error = NULL;

      if (look (self, &watch, operation, &local_error))
        {
          n_failed = 0;

          if (!porch_stack_exists (self) || !porch_stack_is_busy (self))
            return judge (self, &watch, error);
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
