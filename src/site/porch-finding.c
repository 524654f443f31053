/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "porch-finding.h"

/**
 * PorchFinding:
 *
 * Something about a folder that its owner should know before it is published: what, where, and what to do.
 */
struct _PorchFinding
{
  GObject        parent_instance;

  char          *rule;
  char          *path;
  char          *text;
  char          *fix;
  PorchSeverity  severity;
  guint          line;
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
