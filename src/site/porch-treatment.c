/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "porch-treatment.h"

#include "porch-form.h"

#include "aws-json.h"

/**
 * PorchTreatments:
 *
 * What the owner of a site has agreed to: what is done to the copies that are sent, and which files that look private are
 * sent after all or left out for good. Where one is expected, %NULL stands for nothing.
 */
struct _PorchTreatments
{
  GHashTable *confirmed;
  GHashTable *left_out;
  GHashTable *forms;        /* ids of forms in the pages */
  char       *form_path;    /* where these are sent to; NULL for the usual path */
  guint       treatments;   /* a bit for each */
};

/* Only these are agreed to for a whole site */
static const struct
{
  PorchTreatment  treatment;
  const char     *name;
  const char     *member;
} known[] = {
  { PORCH_TREATMENT_STRIP_LOCATION, "strip-location", "stripLocation" },
  { PORCH_TREATMENT_SHRINK, "shrink", "shrink" },
  { PORCH_TREATMENT_LOCAL_LINKS, "local-links", "localLinks" },
};

G_DEFINE_BOXED_TYPE (PorchTreatments, porch_treatments, porch_treatments_ref, porch_treatments_unref)

/**
 * porch_treatment_to_string:
 * @treatment: a treatment
 *
 * Returns: (nullable): `strip-location`, `shrink`, `local-links`, `forms` or `confirm`; %NULL for none
 */
const char *
porch_treatment_to_string (PorchTreatment treatment)
{
  for (gsize i = 0; i < G_N_ELEMENTS (known); i++)
    if (known[i].treatment == treatment)
      return known[i].name;

  if (treatment == PORCH_TREATMENT_FORMS)
    return "forms";

  return treatment == PORCH_TREATMENT_CONFIRM ? "confirm" : NULL;
}

/**
 * porch_treatments_new:
 *
 * Returns: (transfer full): consent to nothing
 */
PorchTreatments *
porch_treatments_new (void)
{
  PorchTreatments *self = g_atomic_rc_box_new0 (PorchTreatments);

  self->confirmed = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->left_out = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->forms = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  return self;
}

static void
add_all (GHashTable *to,
         GHashTable *from)
{
  GHashTableIter iter;
  gpointer path;

  g_hash_table_iter_init (&iter, from);
  while (g_hash_table_iter_next (&iter, &path, NULL))
    g_hash_table_add (to, g_strdup (path));
}

static PorchTreatments *
copy (const PorchTreatments *self)
{
  PorchTreatments *new = porch_treatments_new ();

  if (self != NULL)
    {
      add_all (new->confirmed, self->confirmed);
      add_all (new->left_out, self->left_out);
      add_all (new->forms, self->forms);
      new->form_path = g_strdup (self->form_path);
      new->treatments = self->treatments;
    }

  return new;
}

static void
load_paths (GHashTable *paths,
            JsonObject *object,
            const char *member)
{
  JsonArray *array = aws_json_get_array (object, member);

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      const char *path = aws_json_array_get_string (array, i);

      if (path != NULL && *path != '\0')
        g_hash_table_add (paths, g_strdup (path));
    }
}

/**
 * porch_treatments_new_from_json:
 * @object: (nullable): what [func@Porch.treatments_to_json] made
 *
 * Reads what was agreed to. What is not understood is not agreed to.
 *
 * Returns: (transfer full): what the owner agreed to
 */
PorchTreatments *
porch_treatments_new_from_json (JsonObject *object)
{
  PorchTreatments *self = porch_treatments_new ();

  if (object == NULL)
    return self;

  for (gsize i = 0; i < G_N_ELEMENTS (known); i++)
    if (aws_json_get_bool (object, known[i].member))
      self->treatments |= 1u << known[i].treatment;

  load_paths (self->confirmed, object, "confirmed");
  load_paths (self->left_out, object, "leftOut");
  load_paths (self->forms, object, "forms");
  self->form_path = g_strdup (aws_json_get_string (object, "formPath"));

  return self;
}

static int
compare_names (gconstpointer a,
               gconstpointer b)
{
  return g_strcmp0 (*(const char * const *) a, *(const char * const *) b);
}

static void
save_paths (GHashTable *paths,
            JsonObject *object,
            const char *member)
{
  g_autoptr(GPtrArray) sorted = g_hash_table_get_keys_as_ptr_array (paths);
  JsonArray *array;

  if (sorted->len == 0)
    return;

  g_ptr_array_sort (sorted, compare_names);
  array = json_array_sized_new (sorted->len);
  for (guint i = 0; i < sorted->len; i++)
    json_array_add_string_element (array, g_ptr_array_index (sorted, i));

  json_object_set_array_member (object, member, array);
}

/**
 * porch_treatments_to_json:
 * @self: (nullable): what the owner agreed to
 *
 * Returns: (transfer full): the same, to be kept; always in the same order
 */
JsonObject *
porch_treatments_to_json (const PorchTreatments *self)
{
  JsonObject *object = json_object_new ();

  if (self == NULL)
    return object;

  for (gsize i = 0; i < G_N_ELEMENTS (known); i++)
    if (porch_treatments_has (self, known[i].treatment))
      json_object_set_boolean_member (object, known[i].member, TRUE);

  save_paths (self->confirmed, object, "confirmed");
  save_paths (self->left_out, object, "leftOut");
  save_paths (self->forms, object, "forms");

  if (self->form_path != NULL)
    json_object_set_string_member (object, "formPath", self->form_path);

  return object;
}

/**
 * porch_treatments_ref:
 * @self: what the owner agreed to
 *
 * Returns: (transfer full): the same
 */
PorchTreatments *
porch_treatments_ref (PorchTreatments *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
clear_treatments (gpointer data)
{
  PorchTreatments *self = data;

  g_hash_table_unref (self->confirmed);
  g_hash_table_unref (self->left_out);
  g_hash_table_unref (self->forms);
  g_free (self->form_path);
}

/**
 * porch_treatments_unref:
 * @self: (transfer full): what the owner agreed to
 *
 * Lets go of it.
 */
void
porch_treatments_unref (PorchTreatments *self)
{
  g_atomic_rc_box_release_full (self, clear_treatments);
}

static gboolean
has_all (GHashTable *a,
         GHashTable *b)
{
  GHashTableIter iter;
  gpointer path;

  g_hash_table_iter_init (&iter, a);
  while (g_hash_table_iter_next (&iter, &path, NULL))
    if (!g_hash_table_contains (b, path))
      return FALSE;

  return g_hash_table_size (a) == g_hash_table_size (b);
}

/**
 * porch_treatments_equal:
 * @a: (nullable): what an owner agreed to
 * @b: (nullable): likewise
 *
 * Returns: whether both say the same
 */
gboolean
porch_treatments_equal (const PorchTreatments *a,
                        const PorchTreatments *b)
{
  if (a == NULL || b == NULL)
    return porch_treatments_is_empty (a) && porch_treatments_is_empty (b);

  return a->treatments == b->treatments && has_all (a->confirmed, b->confirmed) && has_all (a->left_out, b->left_out) &&
         has_all (a->forms, b->forms) && g_strcmp0 (a->form_path, b->form_path) == 0;
}

gboolean
porch_treatments_is_empty (const PorchTreatments *self)
{
  return self == NULL ||
         (self->treatments == 0 && g_hash_table_size (self->confirmed) == 0 && g_hash_table_size (self->left_out) == 0 &&
          g_hash_table_size (self->forms) == 0 && self->form_path == NULL);
}

/**
 * porch_treatments_has:
 * @self: (nullable): what the owner agreed to
 * @treatment: one that is done to copies
 *
 * Returns: whether it is to be done
 */
gboolean
porch_treatments_has (const PorchTreatments *self,
                      PorchTreatment         treatment)
{
  if (self != NULL && treatment == PORCH_TREATMENT_FORMS)
    return g_hash_table_size (self->forms) > 0;

  return self != NULL && (self->treatments & 1u << treatment) != 0;
}

/**
 * porch_treatments_is_confirmed:
 * @self: (nullable): what the owner agreed to
 * @path: the path of a file or folder
 *
 * Returns: whether this very file or folder is to be sent although it looks private
 */
gboolean
porch_treatments_is_confirmed (const PorchTreatments *self,
                               const char            *path)
{
  return self != NULL && g_hash_table_contains (self->confirmed, path);
}

/**
 * porch_treatments_is_left_out:
 * @self: (nullable): what the owner agreed to
 * @path: the path of a file or folder
 *
 * Returns: whether this very file or folder is never to be sent
 */
gboolean
porch_treatments_is_left_out (const PorchTreatments *self,
                              const char            *path)
{
  return self != NULL && g_hash_table_contains (self->left_out, path);
}

/**
 * porch_treatments_with:
 * @self: (nullable): what the owner agreed to
 * @treatment: one that is done to copies
 *
 * Returns: (transfer full): the same, and this treatment
 */
PorchTreatments *
porch_treatments_with (const PorchTreatments *self,
                       PorchTreatment         treatment)
{
  PorchTreatments *new = copy (self);

  for (gsize i = 0; i < G_N_ELEMENTS (known); i++)
    if (known[i].treatment == treatment)
      new->treatments |= 1u << treatment;

  return new;
}

/**
 * porch_treatments_without:
 * @self: (nullable): what the owner agreed to
 * @treatment: one that is done to copies
 *
 * Returns: (transfer full): the same, but not this treatment
 */
PorchTreatments *
porch_treatments_without (const PorchTreatments *self,
                          PorchTreatment         treatment)
{
  PorchTreatments *new = copy (self);

  new->treatments &= ~(1u << treatment);

  return new;
}

/**
 * porch_treatments_with_confirmed:
 * @self: (nullable): what the owner agreed to
 * @path: the path of a file or folder, as the finding about it says
 *
 * Returns: (transfer full): the same, and that this is sent although it looks private
 */
PorchTreatments *
porch_treatments_with_confirmed (const PorchTreatments *self,
                                 const char            *path)
{
  PorchTreatments *new = porch_treatments_without_path (self, path);

  g_hash_table_add (new->confirmed, g_strdup (path));

  return new;
}

/**
 * porch_treatments_with_left_out:
 * @self: (nullable): what the owner agreed to
 * @path: the path of a file or folder, as the finding about it says
 *
 * Returns: (transfer full): the same, and that this is never sent
 */
PorchTreatments *
porch_treatments_with_left_out (const PorchTreatments *self,
                                const char            *path)
{
  PorchTreatments *new = porch_treatments_without_path (self, path);

  g_hash_table_add (new->left_out, g_strdup (path));

  return new;
}

/**
 * porch_treatments_without_path:
 * @self: (nullable): what the owner agreed to
 * @path: the path of a file or folder
 *
 * Returns: (transfer full): the same, but undecided about this path
 */
PorchTreatments *
porch_treatments_without_path (const PorchTreatments *self,
                               const char            *path)
{
  PorchTreatments *new = copy (self);

  g_return_val_if_fail (path != NULL, new);

  g_hash_table_remove (new->confirmed, path);
  g_hash_table_remove (new->left_out, path);

  return new;
}

/**
 * porch_treatments_has_form:
 * @self: (nullable): what the owner agreed to
 * @id: what tells a form of the pages from others
 *
 * Returns: whether copies of pages with this form are to send it to the site
 */
gboolean
porch_treatments_has_form (const PorchTreatments *self,
                           const char            *id)
{
  return self != NULL && g_hash_table_contains (self->forms, id);
}

/**
 * porch_treatments_dup_forms:
 * @self: (nullable): what the owner agreed to
 *
 * Returns: (transfer full): the forms that are to be sent to the site, in order
 */
GStrv
porch_treatments_dup_forms (const PorchTreatments *self)
{
  g_autoptr(GPtrArray) sorted = NULL;
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();

  if (self == NULL)
    return g_strv_builder_end (builder);

  sorted = g_hash_table_get_keys_as_ptr_array (self->forms);
  g_ptr_array_sort (sorted, compare_names);

  for (guint i = 0; i < sorted->len; i++)
    g_strv_builder_add (builder, g_ptr_array_index (sorted, i));

  return g_strv_builder_end (builder);
}

/**
 * porch_treatments_get_form_path:
 * @self: (nullable): what the owner agreed to
 *
 * Returns: (transfer none): where on the site forms are sent to
 */
const char *
porch_treatments_get_form_path (const PorchTreatments *self)
{
  return self != NULL && self->form_path != NULL ? self->form_path : PORCH_FORM_DEFAULT_PATH;
}

/**
 * porch_treatments_with_form:
 * @self: (nullable): what the owner agreed to
 * @id: a form of the pages
 *
 * Returns: (transfer full): the same, and that this form is sent to the site
 */
PorchTreatments *
porch_treatments_with_form (const PorchTreatments *self,
                            const char            *id)
{
  PorchTreatments *new = copy (self);

  g_return_val_if_fail (id != NULL, new);

  g_hash_table_add (new->forms, g_strdup (id));

  return new;
}

/**
 * porch_treatments_without_form:
 * @self: (nullable): what the owner agreed to
 * @id: a form of the pages
 *
 * Returns: (transfer full): the same, but this form leads where it always did
 */
PorchTreatments *
porch_treatments_without_form (const PorchTreatments *self,
                               const char            *id)
{
  PorchTreatments *new = copy (self);

  g_return_val_if_fail (id != NULL, new);

  g_hash_table_remove (new->forms, id);

  return new;
}

/**
 * porch_treatments_with_form_path:
 * @self: (nullable): what the owner agreed to
 * @path: (nullable): where on the site forms are sent to, %NULL for the usual path
 *
 * Returns: (transfer full): the same, with the forms sent there
 */
PorchTreatments *
porch_treatments_with_form_path (const PorchTreatments *self,
                                 const char            *path)
{
  PorchTreatments *new = copy (self);

  g_set_str (&new->form_path, g_strcmp0 (path, PORCH_FORM_DEFAULT_PATH) != 0 ? path : NULL);

  return new;
}

static void
answer_all (GHashTable *answer,
            GHashTable *other,
            GHashTable *paths)
{
  GHashTableIter iter;
  gpointer path;

  g_hash_table_iter_init (&iter, paths);
  while (g_hash_table_iter_next (&iter, &path, NULL))
    {
      g_hash_table_add (answer, g_strdup (path));
      g_hash_table_remove (other, path);
    }
}

/**
 * porch_treatments_join:
 * @self: (nullable): what the owner agreed to before
 * @more: (nullable): what the owner agrees to now
 *
 * Returns: (transfer full): both; where they differ about a file, @more holds
 */
PorchTreatments *
porch_treatments_join (const PorchTreatments *self,
                       const PorchTreatments *more)
{
  PorchTreatments *new = copy (self);

  if (more != NULL)
    {
      new->treatments |= more->treatments;
      answer_all (new->confirmed, new->left_out, more->confirmed);
      answer_all (new->left_out, new->confirmed, more->left_out);
      add_all (new->forms, more->forms);
      if (more->form_path != NULL)
        g_set_str (&new->form_path, more->form_path);
    }

  return new;
}
