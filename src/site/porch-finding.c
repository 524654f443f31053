/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "porch-finding.h"

#include <string.h>

/**
 * PorchFinding:
 *
 * Something about a folder that its owner should know before it is published: what, where, and what to do.
 */
struct _PorchFinding
{
  GObject        parent_instance;

  char           *rule;
  char           *path;
  char           *text;
  char           *fix;
  char           *subject;
  char           *command;
  GArray         *places;      /* PorchFindingPlace with strings of their own; NULL: the path and the line are the only one */
  guint64         bytes;
  PorchSeverity   severity;
  PorchTreatment  treatment;
  guint           line;
  guint           n_places;
  gboolean        is_treated;
};

enum
{
  PROP_0,
  PROP_RULE,
  PROP_PATH,
  PROP_LINE,
  PROP_TEXT,
  PROP_FIX,
  PROP_SEVERITY,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (PorchFinding, porch_finding, G_TYPE_OBJECT)

static void
porch_finding_finalize (GObject *object)
{
  PorchFinding *self = PORCH_FINDING (object);

  g_clear_pointer (&self->rule, g_free);
  g_clear_pointer (&self->path, g_free);
  g_clear_pointer (&self->text, g_free);
  g_clear_pointer (&self->fix, g_free);
  g_clear_pointer (&self->subject, g_free);
  g_clear_pointer (&self->command, g_free);
  g_clear_pointer (&self->places, g_array_unref);

  G_OBJECT_CLASS (porch_finding_parent_class)->finalize (object);
}

static void
porch_finding_get_property (GObject    *object,
                            guint       prop_id,
                            GValue     *value,
                            GParamSpec *pspec)
{
  PorchFinding *self = PORCH_FINDING (object);

  switch (prop_id)
    {
    case PROP_RULE:
      g_value_set_string (value, self->rule);
      break;
    case PROP_PATH:
      g_value_set_string (value, self->path);
      break;
    case PROP_LINE:
      g_value_set_uint (value, self->line);
      break;
    case PROP_TEXT:
      g_value_set_string (value, self->text);
      break;
    case PROP_FIX:
      g_value_set_string (value, self->fix);
      break;
    case PROP_SEVERITY:
      g_value_set_string (value, porch_severity_to_string (self->severity));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
porch_finding_class_init (PorchFindingClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = porch_finding_finalize;
  object_class->get_property = porch_finding_get_property;

  properties[PROP_RULE] =
    g_param_spec_string ("rule", NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_PATH] =
    g_param_spec_string ("path", NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_LINE] =
    g_param_spec_uint ("line", NULL, NULL, 0, G_MAXUINT, 0, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_TEXT] =
    g_param_spec_string ("text", NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_FIX] =
    g_param_spec_string ("fix", NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_SEVERITY] =
    g_param_spec_string ("severity", NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
porch_finding_init (PorchFinding *self)
{
}

/**
 * porch_finding_new:
 * @severity: how bad it is
 * @rule: the rule that was broken, for programs: `folder.empty`
 * @path: (nullable): the file or folder it is about, relative to the published one, in readable UTF-8
 * @line: the line in the file, or 0
 * @text: what was found, a sentence for people
 * @fix: (nullable): what to do about it
 *
 * Returns: (transfer full): a new finding
 */
PorchFinding *
porch_finding_new (PorchSeverity  severity,
                   const char    *rule,
                   const char    *path,
                   guint          line,
                   const char    *text,
                   const char    *fix)
{
  PorchFinding *self;

  g_return_val_if_fail (rule != NULL, NULL);
  g_return_val_if_fail (text != NULL, NULL);

  self = g_object_new (PORCH_TYPE_FINDING, NULL);
  self->severity = severity;
  self->rule = g_strdup (rule);
  self->path = g_strdup (path);
  self->line = line;
  self->text = g_strdup (text);
  self->fix = g_strdup (fix);

  return self;
}

PorchSeverity
porch_finding_get_severity (PorchFinding *self)
{
  g_return_val_if_fail (PORCH_IS_FINDING (self), PORCH_SEVERITY_INFO);

  return self->severity;
}

/**
 * porch_severity_to_string:
 * @severity: a severity
 *
 * Returns: `error`, `warning` or `info`
 */
const char *
porch_severity_to_string (PorchSeverity severity)
{
  switch (severity)
    {
    case PORCH_SEVERITY_ERROR:
      return "error";
    case PORCH_SEVERITY_WARNING:
      return "warning";
    case PORCH_SEVERITY_INFO:
      return "info";
    default:
      g_return_val_if_reached ("info");
    }
}

const char *
porch_finding_get_rule (PorchFinding *self)
{
  g_return_val_if_fail (PORCH_IS_FINDING (self), NULL);

  return self->rule;
}

const char *
porch_finding_get_path (PorchFinding *self)
{
  g_return_val_if_fail (PORCH_IS_FINDING (self), NULL);

  return self->path;
}

guint
porch_finding_get_line (PorchFinding *self)
{
  g_return_val_if_fail (PORCH_IS_FINDING (self), 0);

  return self->line;
}

const char *
porch_finding_get_text (PorchFinding *self)
{
  g_return_val_if_fail (PORCH_IS_FINDING (self), NULL);

  return self->text;
}

const char *
porch_finding_get_fix (PorchFinding *self)
{
  g_return_val_if_fail (PORCH_IS_FINDING (self), NULL);

  return self->fix;
}

/**
 * porch_finding_get_treatment:
 * @self: a finding
 *
 * Returns: what can be done about it in the copy that is sent, or was done if [method@Porch.Finding.get_is_treated] says so
 */
PorchTreatment
porch_finding_get_treatment (PorchFinding *self)
{
  g_return_val_if_fail (PORCH_IS_FINDING (self), PORCH_TREATMENT_NONE);

  return self->treatment;
}

/**
 * porch_finding_get_is_treated:
 * @self: a finding
 *
 * Returns: whether its treatment was agreed to, and what the finding tells is what was done
 */
gboolean
porch_finding_get_is_treated (PorchFinding *self)
{
  g_return_val_if_fail (PORCH_IS_FINDING (self), FALSE);

  return self->is_treated;
}

/**
 * porch_finding_set_treatment:
 * @self: a finding that nobody else knows yet
 * @treatment: what can be done, or was done
 * @is_treated: whether it was done
 *
 * Sets what can be done about it.
 */
void
porch_finding_set_treatment (PorchFinding   *self,
                             PorchTreatment  treatment,
                             gboolean        is_treated)
{
  g_return_if_fail (PORCH_IS_FINDING (self));

  self->treatment = treatment;
  self->is_treated = is_treated;
}

/**
 * porch_finding_get_subject:
 * @self: a finding
 *
 * Returns: (nullable): what is wrong, without the place: the address of a broken link, the path of a picture
 */
const char *
porch_finding_get_subject (PorchFinding *self)
{
  g_return_val_if_fail (PORCH_IS_FINDING (self), NULL);

  return self->subject;
}

void
porch_finding_set_subject (PorchFinding *self,
                           const char   *subject)
{
  g_return_if_fail (PORCH_IS_FINDING (self));

  g_set_str (&self->subject, subject);
}

/**
 * porch_finding_get_bytes:
 * @self: a finding
 *
 * Returns: the size of the file it is about, in bytes, where that is the matter; of a treated picture, how many bytes
 *   smaller what is sent has become; else 0
 */
guint64
porch_finding_get_bytes (PorchFinding *self)
{
  g_return_val_if_fail (PORCH_IS_FINDING (self), 0);

  return self->bytes;
}

void
porch_finding_set_bytes (PorchFinding *self,
                         guint64       bytes)
{
  g_return_if_fail (PORCH_IS_FINDING (self));

  self->bytes = bytes;
}

/**
 * porch_finding_get_command:
 * @self: a finding
 *
 * Returns: (nullable): a command that mends it, to be typed in a terminal
 */
const char *
porch_finding_get_command (PorchFinding *self)
{
  g_return_val_if_fail (PORCH_IS_FINDING (self), NULL);

  return self->command;
}

void
porch_finding_set_command (PorchFinding *self,
                           const char   *command)
{
  g_return_if_fail (PORCH_IS_FINDING (self));

  g_set_str (&self->command, command);
}

/**
 * porch_finding_get_n_places:
 * @self: a finding
 *
 * Returns: in how many places the same thing is wrong; 0 if it is about the folder as a whole
 */
guint
porch_finding_get_n_places (PorchFinding *self)
{
  g_return_val_if_fail (PORCH_IS_FINDING (self), 0);

  return self->places != NULL ? self->n_places : self->path != NULL;
}

/**
 * porch_finding_get_n_kept:
 * @self: a finding
 *
 * Returns: how many of the places can be asked for, at most %PORCH_FINDING_MAX_PLACES
 */
guint
porch_finding_get_n_kept (PorchFinding *self)
{
  g_return_val_if_fail (PORCH_IS_FINDING (self), 0);

  return self->places != NULL ? self->places->len : self->path != NULL;
}

/**
 * porch_finding_get_place:
 * @self: a finding
 * @position: less than [method@Porch.Finding.get_n_kept]; they are sorted by path and line
 *
 * Returns: (transfer none): one of the places
 */
PorchFindingPlace
porch_finding_get_place (PorchFinding *self,
                         guint         position)
{
  PorchFindingPlace only = { NULL, 0 };

  g_return_val_if_fail (PORCH_IS_FINDING (self), only);
  g_return_val_if_fail (position < porch_finding_get_n_kept (self), only);

  if (self->places != NULL)
    return g_array_index (self->places, PorchFindingPlace, position);

  only.path = self->path;
  only.line = self->line;

  return only;
}

static int
compare_places (gconstpointer a,
                gconstpointer b)
{
  const PorchFindingPlace *place_a = a;
  const PorchFindingPlace *place_b = b;
  int order = strcmp (place_a->path, place_b->path);

  return order != 0 ? order : (place_a->line > place_b->line) - (place_a->line < place_b->line);
}

static void
clear_place (gpointer data)
{
  PorchFindingPlace *place = data;

  g_free ((char *) place->path);
}

/**
 * porch_finding_set_places:
 * @self: a finding that nobody else knows yet
 * @places: (element-type PorchFindingPlace): the places, in any order
 * @n_places: how many there are in truth, if they were too many to be kept
 *
 * Sets where the same thing is wrong.
 */
void
porch_finding_set_places (PorchFinding *self,
                          const GArray *places,
                          guint         n_places)
{
  g_return_if_fail (PORCH_IS_FINDING (self));

  g_clear_pointer (&self->places, g_array_unref);
  self->places = g_array_sized_new (FALSE, FALSE, sizeof (PorchFindingPlace), places->len);
  g_array_set_clear_func (self->places, clear_place);
  self->n_places = n_places;

  for (guint i = 0; i < places->len; i++)
    {
      const PorchFindingPlace *place = &g_array_index (places, PorchFindingPlace, i);
      PorchFindingPlace copy = { g_strdup (place->path), place->line };

      g_array_append_val (self->places, copy);
    }

  g_array_sort (self->places, compare_places);
}
