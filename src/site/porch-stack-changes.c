/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-stack-changes.h"
#include "porch-error.h"

#include "aws-json.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/**
 * PorchStackChanges:
 *
 * What changing the resources of a site would do, as the service found it out and in plain words.
 */
struct _PorchStackChanges
{
  GPtrArray  *list;        /* AwsStackChange */
  GPtrArray  *sentences;   /* NULL-terminated */
  GPtrArray  *lost;        /* parts that can't be replaced without a loss, in words */
};

static void
porch_stack_changes_clear (PorchStackChanges *self)
{
  g_clear_pointer (&self->list, g_ptr_array_unref);
  g_clear_pointer (&self->sentences, g_ptr_array_unref);
  g_clear_pointer (&self->lost, g_ptr_array_unref);
}

AWS_DEFINE_BOXED (PorchStackChanges, porch_stack_changes, porch_stack_changes_clear)

/* What belongs together for people, by the names of the template; the first that fits counts */
typedef struct
{
  const char *prefix;
  const char *add;
  const char *modify;
  const char *remove;
} Group;

static const Group groups[] = {
  { "Bucket", N_("Room for the files of the site is made. Nobody but the site itself can read it."),
    N_("The rules for the room of the files are changed. The files stay."),
    N_("The room of the files is left alone, but no longer looked after.") },
  { "Distribution", N_("The site gets an address of its own, with an encrypted connection, that answers quickly all over the world."),
    N_("The way visitors reach the site is changed. It stays online meanwhile."),
    N_("The address of the site is taken down.") },
  { "Store", N_("A note of which version is live is kept where visitors arrive."),
    N_("The note of which version is live is changed."),
    N_("The note of which version is live is removed.") },
  { "Publisher", N_("A right is made that allows only this: switching to another version."),
    N_("The right to switch to another version is changed."),
    N_("The right to switch to another version is removed.") },
  { "Router", N_("A small program turns the address of a page into its file."),
    N_("The small program that finds the file for an address is replaced by its newer version."),
    N_("The small program that finds the file for an address is removed.") },
  { "AccessControl", NULL, NULL, NULL },
  { "Table", N_("An inbox for messages is made."),
    N_("The rules of the inbox are changed. The messages stay."),
    N_("The inbox is left alone, with the messages in it.") },
  { "Visits", N_("A counter of visits is set up. It keeps no address of a visitor."),
    N_("The counter of visits is changed."),
    N_("The counter of visits is taken away.") },
  { "Notify", N_("New messages are sent on by mail."),
    N_("The way messages are sent on by mail is changed."),
    N_("Messages are no longer sent on by mail.") },
  { "", N_("A contact form is set up that takes messages of visitors."),
    N_("The contact form is changed."),
    N_("The contact form is taken away.") },
};

/* What can't be made anew without losing files, messages, or the address that visitors know */
static const struct
{
  const char *logical_id;
  const char *loss;
} kept[] = {
  { "Bucket", N_("the room with the files of the site") },
  { "Table", N_("the inbox with its messages") },
  { "Distribution", N_("the free address of the site") },
};

static const Group *
find_group (const char *logical_id)
{
  guint i = 0;

  while (!g_str_has_prefix (logical_id, groups[i].prefix))
    i++;

  return &groups[i];
}

static const char *
choose_sentence (const Group *group,
                 const char  *action)
{
  if (g_strcmp0 (action, "Add") == 0)
    return group->add;

  return g_strcmp0 (action, "Remove") == 0 ? group->remove : group->modify;
}

static void
add_sentence (PorchStackChanges *self,
              char              *sentence)
{
  if (g_ptr_array_find_with_equal_func (self->sentences, sentence, g_str_equal, NULL))
    g_free (sentence);
  else
    g_ptr_array_add (self->sentences, sentence);
}

static const char *
get_before (AwsStack   *before,
            const char *parameter)
{
  const char *value = before != NULL ? aws_stack_get_parameter (before, parameter) : NULL;

  return value != NULL ? value : "";
}

/* The new names first: they are what the person is waiting for */
static void
add_names (PorchStackChanges *self,
           AwsStack          *before,
           JsonObject        *parameters)
{
  const char *after = parameters != NULL ? aws_json_get_string (parameters, "DomainNames") : NULL;
  g_auto(GStrv) names = NULL;
  g_auto(GStrv) old = NULL;

  if (after == NULL)
    return;

  names = g_strsplit (after, ",", -1);
  old = g_strsplit (get_before (before, "DomainNames"), ",", -1);

  for (guint i = 0; names[i] != NULL; i++)
    if (*names[i] != '\0' && !g_strv_contains ((const char * const *) old, names[i]))
      /* Translators: the placeholder is a name such as www.example.org */
      add_sentence (self, g_strdup_printf (_("The site answers at %s too."), names[i]));

  for (guint i = 0; old[i] != NULL; i++)
    if (*old[i] != '\0' && !g_strv_contains ((const char * const *) names, old[i]))
      /* Translators: the placeholder is a name such as www.example.org */
      add_sentence (self, g_strdup_printf (_("The site no longer answers at %s."), old[i]));
}

static void
add_mails (PorchStackChanges *self,
           AwsStack          *before,
           JsonObject        *parameters)
{
  const char *after = parameters != NULL ? aws_json_get_string (parameters, "Owner") : NULL;

  if (after == NULL || *after == '\0' || before == NULL || g_str_equal (after, get_before (before, "Owner")))
    return;

  /* Translators: the placeholder is one mail address or several */
  add_sentence (self, g_strdup_printf (_("Messages are sent on to %s."), after));
}

static gboolean
is_replaced (AwsStackChange *change)
{
  return g_strcmp0 (aws_stack_change_get_replacement (change), "True") == 0;
}

static void
note_loss (PorchStackChanges *self,
           AwsStackChange    *change)
{
  for (guint i = 0; i < G_N_ELEMENTS (kept); i++)
    if (g_strcmp0 (aws_stack_change_get_logical_id (change), kept[i].logical_id) == 0)
      g_ptr_array_add (self->lost, (char *) _(kept[i].loss));
}

static void
add_change (PorchStackChanges *self,
            AwsStackChange    *change)
{
  const char *logical_id = aws_stack_change_get_logical_id (change);
  const char *sentence;

  if (logical_id == NULL)
    return;

  sentence = choose_sentence (find_group (logical_id), aws_stack_change_get_action (change));

  if (sentence != NULL)
    add_sentence (self, g_strdup (_(sentence)));

  if (is_replaced (change))
    note_loss (self, change);
}

/**
 * porch_stack_changes_new:
 * @changes: (nullable) (element-type AwsStackChange): what the service found, %NULL for nothing
 * @before: (nullable): the stack as it is, %NULL if there is none
 * @parameters: (nullable): the parameters that are asked for
 *
 * Returns: (transfer full): the changes in words
 */
PorchStackChanges *
porch_stack_changes_new (GPtrArray  *changes,
                         AwsStack   *before,
                         JsonObject *parameters)
{
  PorchStackChanges *self = g_atomic_rc_box_new0 (PorchStackChanges);

  self->list = changes != NULL ? g_ptr_array_ref (changes) : g_ptr_array_new ();
  self->sentences = g_ptr_array_new_null_terminated (8, g_free, TRUE);
  self->lost = g_ptr_array_new ();

  if (changes == NULL)
    return self;

  add_names (self, before, parameters);
  add_mails (self, before, parameters);

  /* In the order of the table, so that the same change always reads the same */
  for (guint group = 0; group < G_N_ELEMENTS (groups); group++)
    for (guint i = 0; i < self->list->len; i++)
      {
        AwsStackChange *change = g_ptr_array_index (self->list, i);
        const char *logical_id = aws_stack_change_get_logical_id (change);

        if (logical_id != NULL && find_group (logical_id) == &groups[group])
          add_change (self, change);
      }

  if (self->sentences->len == 0)
    add_sentence (self, g_strdup (_("What is known about the site is brought up to date.")));

  return self;
}

/**
 * porch_stack_changes_is_empty:
 * @self: changes
 *
 * Returns: whether everything is as it should be already
 */
gboolean
porch_stack_changes_is_empty (PorchStackChanges *self)
{
  g_return_val_if_fail (self != NULL, TRUE);

  return self->sentences->len == 0;
}

/**
 * porch_stack_changes_get_sentences:
 * @self: changes
 *
 * Returns: (transfer none) (array zero-terminated=1): what will be done, each a sentence for people
 */
const char * const *
porch_stack_changes_get_sentences (PorchStackChanges *self)
{
  static const char * const nothing[] = { NULL };

  g_return_val_if_fail (self != NULL, NULL);

  return self->sentences->len > 0 ? (const char * const *) self->sentences->pdata : nothing;
}

/**
 * porch_stack_changes_check:
 * @self: changes
 * @error: return location
 *
 * A part that is replaced is made anew and empty. That is refused for those whose contents, or whose address, nobody can
 * give back.
 *
 * Returns: whether nothing is lost; else %FALSE with %PORCH_ERROR_REPLACES
 */
gboolean
porch_stack_changes_check (PorchStackChanges  *self,
                           GError            **error)
{
  g_return_val_if_fail (self != NULL, FALSE);

  if (self->lost->len == 0)
    return TRUE;

  /* Translators: the placeholder is a part of a site, such as “the inbox with its messages” */
  g_set_error (error, PORCH_ERROR, PORCH_ERROR_REPLACES, _("The change would make %s anew, and what is there would be lost."),
               (const char *) g_ptr_array_index (self->lost, 0));

  return FALSE;
}

/**
 * porch_stack_changes_expect:
 * @self: changes
 * @progress: the progress of carrying them out
 *
 * Tells @progress what is going to happen.
 */
void
porch_stack_changes_expect (PorchStackChanges  *self,
                            PorchStackProgress *progress)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (PORCH_IS_STACK_PROGRESS (progress));

  for (guint i = 0; i < self->list->len; i++)
    {
      AwsStackChange *change = g_ptr_array_index (self->list, i);

      if (aws_stack_change_get_logical_id (change) != NULL)
        porch_stack_progress_expect (progress, aws_stack_change_get_logical_id (change),
                                     aws_stack_change_get_resource_type (change), aws_stack_change_get_action (change));
    }
}

/**
 * porch_stack_changes_to_json:
 * @self: changes
 *
 * Returns: (transfer full): one object for each part: `id`, `type`, `action`, `replaced`
 */
JsonArray *
porch_stack_changes_to_json (PorchStackChanges *self)
{
  JsonArray *array;

  g_return_val_if_fail (self != NULL, NULL);

  array = json_array_new ();

  for (guint i = 0; i < self->list->len; i++)
    {
      AwsStackChange *change = g_ptr_array_index (self->list, i);
      JsonObject *entry = json_object_new ();

      json_object_set_string_member (entry, "id", aws_stack_change_get_logical_id (change));
      json_object_set_string_member (entry, "type", aws_stack_change_get_resource_type (change));
      json_object_set_string_member (entry, "action", aws_stack_change_get_action (change));
      json_object_set_boolean_member (entry, "replaced", is_replaced (change));
      json_array_add_object_element (array, entry);
    }

  return array;
}
