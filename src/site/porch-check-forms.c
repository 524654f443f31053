/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-check-private.h"

#include "porch-form-reader.h"
#include "porch-form.h"

/* How surely a form is another one that is not in the pages any more */
typedef enum
{
  LIKENESS_NONE,
  LIKENESS_PERHAPS,
  LIKENESS_SURE,
} Likeness;

static gboolean
is_connected (const Facts         *facts,
              const PorchReadForm *form)
{
  for (guint i = 0; facts->connected != NULL && i < facts->connected->len; i++)
    if (g_array_index (facts->connected, guint, i) == form->line)
      return TRUE;

  return FALSE;
}

static const char *
get_hindrance (const PorchReadForm *form)
{
  switch (form->state)
    {
    case PORCH_FOUND_SCRIPT:
      return "script";
    case PORCH_FOUND_FILES:
      return "files";
    case PORCH_FOUND_PRIVATE:
      return "private";
    case PORCH_FOUND_READY:
    case PORCH_FOUND_CONNECTED:
    case PORCH_FOUND_ELSEWHERE:
    default:
      return "page";
    }
}

/* What became of the forms of a page that are to be connected */
void
porch_check_judge_forms (PorchCheck      *self,
                         const PorchFile *file,
                         const Facts     *facts)
{
  for (guint i = 0; i < facts->forms->len; i++)
    {
      const PorchReadForm *form = g_ptr_array_index (facts->forms, i);

      if (form->state == PORCH_FOUND_READY || !porch_treatments_has_form (self->scan->treatments, form->id))
        continue;

      if (is_connected (facts, form))
        {
          Problem *problem = porch_check_add (self, "form.connected", "", file->path, form->line, NULL);

          problem->is_treated = TRUE;
          problem->treatment = PORCH_TREATMENT_FORMS;
        }
      else
        {
          porch_check_add (self, "form.unconnected", get_hindrance (form), file->path, form->line, NULL);
        }
    }
}

static gboolean
is_led_here (PorchCheck          *self,
             const PorchReadForm *form)
{
  return form->state == PORCH_FOUND_READY || porch_treatments_has_form (self->scan->treatments, form->id);
}

static Likeness
compare (const PorchReadForm *form,
         const char          *id)
{
  if (form->is_search)
    return LIKENESS_NONE;

  if (porch_form_reader_is_like (form, id))
    return LIKENESS_SURE;

  return form->state == PORCH_FOUND_ELSEWHERE ? LIKENESS_PERHAPS : LIKENESS_NONE;
}

/* The forms that are that like to @id. They are told of once each, or without @told only looked for. */
static gboolean
find_alike (PorchCheck *self,
            const char *id,
            Likeness    likeness,
            gboolean    led_here,
            GHashTable *told)
{
  gboolean any = FALSE;

  for (guint i = 0; i < self->scan->files->len; i++)
    {
      const PorchFile *file = g_ptr_array_index (self->scan->files, i);
      GPtrArray *forms = self->facts[i].forms;

      for (guint j = 0; forms != NULL && j < forms->len; j++)
        {
          PorchReadForm *form = g_ptr_array_index (forms, j);

          if (is_led_here (self, form) != led_here || compare (form, id) != likeness)
            continue;

          any = TRUE;
          if (told != NULL && g_hash_table_add (told, form))
            porch_check_add (self, "form.lost", likeness == LIKENESS_SURE ? "changed" : "gone", file->path, form->line, NULL);
        }
    }

  return any;
}

static gboolean
is_found (PorchCheck *self,
          const char *id)
{
  for (guint i = 0; i < self->scan->files->len; i++)
    {
      GPtrArray *forms = self->facts[i].forms;

      for (guint j = 0; forms != NULL && j < forms->len; j++)
        if (g_str_equal (((PorchReadForm *) g_ptr_array_index (forms, j))->id, id))
          return TRUE;
    }

  return FALSE;
}

/* A form whose fields or goal were changed is another one, and leads where its page says. One that is gone altogether
 * misses nobody. Run when all is read.
 */
void
porch_check_judge_lost_forms (PorchCheck *self)
{
  g_auto(GStrv) ids = porch_treatments_dup_forms (self->scan->treatments);
  g_autoptr(GHashTable) told = g_hash_table_new (NULL, NULL);

  for (guint i = 0; ids[i] != NULL; i++)
    if (!is_found (self, ids[i]) && !find_alike (self, ids[i], LIKENESS_SURE, FALSE, told) &&
        !find_alike (self, ids[i], LIKENESS_SURE, TRUE, NULL))
      find_alike (self, ids[i], LIKENESS_PERHAPS, FALSE, told);
}

/* What the form answers, nobody else does. Run when all is read. */
void
porch_check_judge_form_path (PorchCheck *self)
{
  const char *path = porch_treatments_get_form_path (self->scan->treatments);
  const PorchFile *file = porch_check_find_file (self, self->positions, path + 1);

  if (file != NULL)
    porch_check_add (self, "form.path", path, file->path, 0, g_strdup (file->path));
}
