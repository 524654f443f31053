/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-domain-doctor-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/**
 * PorchDoctorRecord:
 *
 * A record that leads to the site or proves whose the name is, and whether it is there.
 */
struct _PorchDoctorRecord
{
  GObject            parent_instance;

  char              *name;
  char              *short_name;
  char              *type;
  char              *value;
  char              *found;
  char              *text;
  char              *code;
  PorchDoctorPurpose purpose;
  PorchDoctorState   state;
};

/**
 * PorchDoctorStep:
 *
 * One step on the way from a name to the site: how it is, why, and what to do.
 */
struct _PorchDoctorStep
{
  GObject           parent_instance;

  GListStore       *records;
  GDateTime        *until;
  char            **instructions;
  char             *code;
  char             *sentence;
  char             *cause;
  char             *remedy;
  char             *description;
  PorchDoctorPart   part;
  PorchDoctorState  state;
};

enum
{
  PROP_RECORD_NAME = 1,
  PROP_RECORD_SHORT_NAME,
  PROP_RECORD_TYPE,
  PROP_RECORD_VALUE,
  PROP_RECORD_FOUND,
  PROP_RECORD_STATE,
  PROP_RECORD_PURPOSE,
  PROP_RECORD_TEXT,
  N_RECORD_PROPS
};

enum
{
  PROP_STEP_ID = 1,
  PROP_STEP_CODE,
  PROP_STEP_TITLE,
  PROP_STEP_STATE,
  PROP_STEP_SENTENCE,
  PROP_STEP_CAUSE,
  PROP_STEP_REMEDY,
  PROP_STEP_RECORDS,
  PROP_STEP_INSTRUCTIONS,
  PROP_STEP_UNTIL,
  PROP_STEP_DESCRIPTION,
  N_STEP_PROPS
};

static GParamSpec *record_properties[N_RECORD_PROPS];
static GParamSpec *step_properties[N_STEP_PROPS];

G_DEFINE_FINAL_TYPE (PorchDoctorRecord, porch_doctor_record, G_TYPE_OBJECT)
G_DEFINE_FINAL_TYPE (PorchDoctorStep, porch_doctor_step, G_TYPE_OBJECT)

G_DEFINE_ENUM_TYPE (PorchDoctorState, porch_doctor_state,
                    G_DEFINE_ENUM_VALUE (PORCH_DOCTOR_UNKNOWN, "unknown"),
                    G_DEFINE_ENUM_VALUE (PORCH_DOCTOR_WAITING, "waiting"),
                    G_DEFINE_ENUM_VALUE (PORCH_DOCTOR_GOOD, "good"),
                    G_DEFINE_ENUM_VALUE (PORCH_DOCTOR_NOTICE, "notice"),
                    G_DEFINE_ENUM_VALUE (PORCH_DOCTOR_WRONG, "wrong"))

static const struct
{
  const char *id;
  const char *title;
} parts[] = {
  { "delegation", N_("Name Servers") },
  { "records", N_("Records") },
  { "certificate", N_("Certificate") },
  { "distribution", N_("Connection to Your Site") },
  { "answer", N_("Visit From Outside") },
};

G_STATIC_ASSERT (G_N_ELEMENTS (parts) == PORCH_DOCTOR_N_STEPS);

static void
porch_doctor_record_get_property (GObject    *object,
                                  guint       prop_id,
                                  GValue     *value,
                                  GParamSpec *pspec)
{
  PorchDoctorRecord *self = PORCH_DOCTOR_RECORD (object);

  switch (prop_id)
    {
    case PROP_RECORD_NAME:
      g_value_set_string (value, self->name);
      break;

    case PROP_RECORD_SHORT_NAME:
      g_value_set_string (value, self->short_name);
      break;

    case PROP_RECORD_TYPE:
      g_value_set_string (value, porch_doctor_record_get_record_type (self));
      break;

    case PROP_RECORD_VALUE:
      g_value_set_string (value, self->value);
      break;

    case PROP_RECORD_FOUND:
      g_value_set_string (value, self->found);
      break;

    case PROP_RECORD_STATE:
      g_value_set_enum (value, self->state);
      break;

    case PROP_RECORD_PURPOSE:
      g_value_set_string (value, porch_doctor_record_get_purpose (self));
      break;

    case PROP_RECORD_TEXT:
      g_value_set_string (value, self->text);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
porch_doctor_record_finalize (GObject *object)
{
  PorchDoctorRecord *self = PORCH_DOCTOR_RECORD (object);

  g_clear_pointer (&self->name, g_free);
  g_clear_pointer (&self->short_name, g_free);
  g_clear_pointer (&self->type, g_free);
  g_clear_pointer (&self->value, g_free);
  g_clear_pointer (&self->found, g_free);
  g_clear_pointer (&self->text, g_free);
  g_clear_pointer (&self->code, g_free);

  G_OBJECT_CLASS (porch_doctor_record_parent_class)->finalize (object);
}

static void
porch_doctor_record_class_init (PorchDoctorRecordClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = porch_doctor_record_get_property;
  object_class->finalize = porch_doctor_record_finalize;

  record_properties[PROP_RECORD_NAME] = g_param_spec_string ("name", NULL, NULL, NULL, flags);
  record_properties[PROP_RECORD_SHORT_NAME] = g_param_spec_string ("short-name", NULL, NULL, NULL, flags);
  record_properties[PROP_RECORD_TYPE] = g_param_spec_string ("record-type", NULL, NULL, NULL, flags);
  record_properties[PROP_RECORD_VALUE] = g_param_spec_string ("value", NULL, NULL, NULL, flags);
  record_properties[PROP_RECORD_FOUND] = g_param_spec_string ("found", NULL, NULL, NULL, flags);
  record_properties[PROP_RECORD_STATE] = g_param_spec_enum ("state", NULL, NULL, PORCH_TYPE_DOCTOR_STATE, PORCH_DOCTOR_UNKNOWN, flags);
  record_properties[PROP_RECORD_PURPOSE] = g_param_spec_string ("purpose", NULL, NULL, NULL, flags);
  record_properties[PROP_RECORD_TEXT] = g_param_spec_string ("text", NULL, NULL, NULL, flags);

  g_object_class_install_properties (object_class, N_RECORD_PROPS, record_properties);
}

static void
porch_doctor_record_init (PorchDoctorRecord *self)
{
}

static void
porch_doctor_step_get_property (GObject    *object,
                                guint       prop_id,
                                GValue     *value,
                                GParamSpec *pspec)
{
  PorchDoctorStep *self = PORCH_DOCTOR_STEP (object);

  switch (prop_id)
    {
    case PROP_STEP_ID:
      g_value_set_string (value, porch_doctor_step_get_id (self));
      break;

    case PROP_STEP_CODE:
      g_value_set_string (value, self->code);
      break;

    case PROP_STEP_TITLE:
      g_value_set_string (value, porch_doctor_step_get_title (self));
      break;

    case PROP_STEP_STATE:
      g_value_set_enum (value, self->state);
      break;

    case PROP_STEP_SENTENCE:
      g_value_set_string (value, self->sentence);
      break;

    case PROP_STEP_CAUSE:
      g_value_set_string (value, self->cause);
      break;

    case PROP_STEP_REMEDY:
      g_value_set_string (value, self->remedy);
      break;

    case PROP_STEP_RECORDS:
      g_value_set_object (value, self->records);
      break;

    case PROP_STEP_INSTRUCTIONS:
      g_value_set_boxed (value, self->instructions);
      break;

    case PROP_STEP_UNTIL:
      g_value_set_boxed (value, self->until);
      break;

    case PROP_STEP_DESCRIPTION:
      g_value_set_string (value, self->description);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
porch_doctor_step_finalize (GObject *object)
{
  PorchDoctorStep *self = PORCH_DOCTOR_STEP (object);

  g_clear_object (&self->records);
  g_clear_pointer (&self->until, g_date_time_unref);
  g_clear_pointer (&self->instructions, g_strfreev);
  g_clear_pointer (&self->code, g_free);
  g_clear_pointer (&self->sentence, g_free);
  g_clear_pointer (&self->cause, g_free);
  g_clear_pointer (&self->remedy, g_free);
  g_clear_pointer (&self->description, g_free);

  G_OBJECT_CLASS (porch_doctor_step_parent_class)->finalize (object);
}

static void
porch_doctor_step_class_init (PorchDoctorStepClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = porch_doctor_step_get_property;
  object_class->finalize = porch_doctor_step_finalize;

  step_properties[PROP_STEP_ID] = g_param_spec_string ("id", NULL, NULL, NULL, flags);
  step_properties[PROP_STEP_CODE] = g_param_spec_string ("code", NULL, NULL, NULL, flags);
  step_properties[PROP_STEP_TITLE] = g_param_spec_string ("title", NULL, NULL, NULL, flags);
  step_properties[PROP_STEP_STATE] = g_param_spec_enum ("state", NULL, NULL, PORCH_TYPE_DOCTOR_STATE, PORCH_DOCTOR_UNKNOWN, flags);
  step_properties[PROP_STEP_SENTENCE] = g_param_spec_string ("sentence", NULL, NULL, NULL, flags);
  step_properties[PROP_STEP_CAUSE] = g_param_spec_string ("cause", NULL, NULL, NULL, flags);
  step_properties[PROP_STEP_REMEDY] = g_param_spec_string ("remedy", NULL, NULL, NULL, flags);
  step_properties[PROP_STEP_RECORDS] = g_param_spec_object ("records", NULL, NULL, G_TYPE_LIST_MODEL, flags);
  step_properties[PROP_STEP_INSTRUCTIONS] = g_param_spec_boxed ("instructions", NULL, NULL, G_TYPE_STRV, flags);
  step_properties[PROP_STEP_UNTIL] = g_param_spec_boxed ("until", NULL, NULL, G_TYPE_DATE_TIME, flags);
  step_properties[PROP_STEP_DESCRIPTION] = g_param_spec_string ("description", NULL, NULL, NULL, flags);

  g_object_class_install_properties (object_class, N_STEP_PROPS, step_properties);
}

static void
porch_doctor_step_init (PorchDoctorStep *self)
{
  self->records = g_list_store_new (PORCH_TYPE_DOCTOR_RECORD);
  self->code = g_strdup ("unknown");
  self->sentence = g_strdup (_("Not looked at yet."));
}

static const char *
get_state_word (PorchDoctorState state)
{
  switch (state)
    {
    case PORCH_DOCTOR_GOOD:
      return C_("state", "Good");
    case PORCH_DOCTOR_WAITING:
      return C_("state", "On its way");
    case PORCH_DOCTOR_NOTICE:
      return C_("state", "Works, with a remark");
    case PORCH_DOCTOR_WRONG:
      return C_("state", "Needs you");
    case PORCH_DOCTOR_UNKNOWN:
    default:
      return C_("state", "Not known yet");
    }
}

/* "www" for "www.example.org": most companies add the domain by themselves. */
static char *
dup_short_name (const char *name,
                const char *domain)
{
  gsize length = strlen (name);
  gsize end = strlen (domain);

  if (g_str_equal (name, domain))
    return g_strdup ("@");

  if (length > end + 1 && g_str_has_suffix (name, domain) && name[length - end - 1] == '.')
    return g_strndup (name, length - end - 1);

  return g_strdup (name);
}

static char *
dup_record_text (const PorchDoctorFinding *finding)
{
  g_autofree char *time = NULL;

  if (g_str_equal (finding->code, "good"))
    return g_strdup (_("There, as it should be."));

  if (g_str_equal (finding->code, "old"))
    {
      g_autoptr(GDateTime) local = g_date_time_to_local (finding->until);

      /* Translators: a date and a time of day */
      time = g_date_time_format (local, _("%-d %B at %H:%M"));

      /* Translators: a date and a time of day, then a value */
      return g_strdup_printf (_("Right now, but until %s some visitors still get “%s”."), time, finding->found);
    }

  if (g_str_equal (finding->code, "other"))
    /* Translators: %s is the value of a record */
    return g_strdup_printf (_("“%s” is there instead."), finding->found);

  if (g_str_equal (finding->code, "doubled"))
    /* Translators: %s is a name in which the domain stands twice */
    return g_strdup_printf (_("It stands at “%s”: the company adds the end of the name by itself, so enter the short one."), finding->found);

  if (g_str_equal (finding->code, "later"))
    return g_strdup (_("Comes last, when the certificate is there."));

  if (g_str_equal (finding->code, "missing"))
    return g_strdup (_("Not there yet."));

  if (g_str_equal (finding->code, "silent"))
    return g_strdup (_("The name servers give no answer."));

  return g_strdup (_("Not looked at yet."));
}

static void
set_record_string (PorchDoctorRecord  *self,
                   char              **place,
                   const char         *value,
                   guint               prop)
{
  if (g_set_str (place, value))
    g_object_notify_by_pspec (G_OBJECT (self), record_properties[prop]);
}

static void
record_take (PorchDoctorRecord        *self,
             const PorchDoctorFinding *finding)
{
  g_autofree char *text = dup_record_text (finding);

  set_record_string (self, &self->found, finding->found, PROP_RECORD_FOUND);
  set_record_string (self, &self->text, text, PROP_RECORD_TEXT);
  g_set_str (&self->code, finding->code);

  if (self->state != finding->state)
    {
      self->state = finding->state;
      g_object_notify_by_pspec (G_OBJECT (self), record_properties[PROP_RECORD_STATE]);
    }
}

static PorchDoctorRecord *
record_new (const PorchDoctorWish *wish,
            const char            *domain)
{
  PorchDoctorRecord *self = g_object_new (PORCH_TYPE_DOCTOR_RECORD, NULL);

  self->name = g_strdup (wish->name);
  self->short_name = dup_short_name (wish->name, domain);
  self->type = g_strdup (wish->type);
  self->value = g_strdup (wish->value);
  self->purpose = wish->purpose;

  return self;
}

static gboolean
is_record_of (PorchDoctorRecord     *self,
              const PorchDoctorWish *wish)
{
  return self->purpose == wish->purpose && g_str_equal (self->name, wish->name) &&
         g_str_equal (self->type, wish->type) && g_str_equal (self->value, wish->value);
}

/* Rows stay as they are as long as the same records are wanted. */
static void
take_findings (PorchDoctorStep *self,
               GPtrArray       *findings,
               const char      *domain)
{
  GListModel *records = G_LIST_MODEL (self->records);

  for (guint i = 0; i < findings->len; i++)
    {
      const PorchDoctorFinding *finding = g_ptr_array_index (findings, i);
      g_autoptr(PorchDoctorRecord) record = g_list_model_get_item (records, i);

      if (record == NULL || !is_record_of (record, finding->wish))
        {
          g_autoptr(PorchDoctorRecord) fresh = record_new (finding->wish, domain);

          record_take (fresh, finding);
          g_list_store_splice (self->records, i, record != NULL ? 1 : 0, (gpointer *) &fresh, 1);
        }
      else
        {
          record_take (record, finding);
        }
    }

  if (g_list_model_get_n_items (records) > findings->len)
    g_list_store_splice (self->records, findings->len, g_list_model_get_n_items (records) - findings->len, NULL, 0);
}

static char *
build_description (PorchDoctorStep *self)
{
  GString *text = g_string_new (NULL);

  g_string_append_printf (text, "%s: %s. %s", porch_doctor_step_get_title (self), get_state_word (self->state), self->sentence);

  if (self->cause != NULL)
    g_string_append_printf (text, " %s", self->cause);
  if (self->remedy != NULL)
    g_string_append_printf (text, " %s", self->remedy);

  return g_string_free_and_steal (text);
}

static void
set_step_string (PorchDoctorStep  *self,
                 char            **place,
                 const char       *value,
                 guint             prop)
{
  if (g_set_str (place, value))
    g_object_notify_by_pspec (G_OBJECT (self), step_properties[prop]);
}

PorchDoctorStep *
porch_doctor_step_new (PorchDoctorPart part)
{
  PorchDoctorStep *self = g_object_new (PORCH_TYPE_DOCTOR_STEP, NULL);

  self->part = part;
  self->description = build_description (self);

  return self;
}

static void
take_instructions (PorchDoctorStep  *self,
                   char            **instructions)
{
  if ((self->instructions == NULL) == (instructions == NULL) &&
      (instructions == NULL || g_strv_equal ((const char * const *) self->instructions, (const char * const *) instructions)))
    return;

  g_strfreev (self->instructions);
  self->instructions = g_strdupv (instructions);
  g_object_notify_by_pspec (G_OBJECT (self), step_properties[PROP_STEP_INSTRUCTIONS]);
}

static void
take_until (PorchDoctorStep *self,
            GDateTime       *until)
{
  if (self->until == until || (self->until != NULL && until != NULL && g_date_time_equal (self->until, until)))
    return;

  g_clear_pointer (&self->until, g_date_time_unref);
  self->until = until != NULL ? g_date_time_ref (until) : NULL;
  g_object_notify_by_pspec (G_OBJECT (self), step_properties[PROP_STEP_UNTIL]);
}

void
porch_doctor_step_take (PorchDoctorStep          *self,
                        const PorchDoctorVerdict *verdict,
                        const char               *domain)
{
  g_autofree char *description = NULL;

  g_object_freeze_notify (G_OBJECT (self));

  set_step_string (self, &self->code, verdict->code, PROP_STEP_CODE);
  set_step_string (self, &self->sentence, verdict->sentence, PROP_STEP_SENTENCE);
  set_step_string (self, &self->cause, verdict->cause, PROP_STEP_CAUSE);
  set_step_string (self, &self->remedy, verdict->remedy, PROP_STEP_REMEDY);
  take_instructions (self, verdict->instructions);
  take_until (self, verdict->until);
  take_findings (self, verdict->findings, domain);

  if (self->state != verdict->state)
    {
      self->state = verdict->state;
      g_object_notify_by_pspec (G_OBJECT (self), step_properties[PROP_STEP_STATE]);
    }

  description = build_description (self);
  set_step_string (self, &self->description, description, PROP_STEP_DESCRIPTION);

  g_object_thaw_notify (G_OBJECT (self));
}

static const char *
get_state_nick (PorchDoctorState state)
{
  g_autoptr(GEnumClass) enum_class = g_type_class_ref (PORCH_TYPE_DOCTOR_STATE);

  return g_enum_get_value (enum_class, state)->value_nick;
}

static JsonObject *
record_to_json (PorchDoctorRecord *self)
{
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "name", self->name);
  json_object_set_string_member (object, "shortName", self->short_name);
  json_object_set_string_member (object, "type", self->type);
  json_object_set_string_member (object, "value", self->value);
  json_object_set_string_member (object, "state", get_state_nick (self->state));
  json_object_set_string_member (object, "code", self->code);
  json_object_set_string_member (object, "found", self->found);
  json_object_set_string_member (object, "text", self->text);

  return object;
}

JsonObject *
porch_doctor_step_to_json (PorchDoctorStep *self)
{
  JsonObject *object = json_object_new ();
  JsonArray *records = json_array_new ();
  g_autofree char *until = self->until != NULL ? g_date_time_format_iso8601 (self->until) : NULL;

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->records)); i++)
    {
      g_autoptr(PorchDoctorRecord) record = g_list_model_get_item (G_LIST_MODEL (self->records), i);

      json_array_add_object_element (records, record_to_json (record));
    }

  json_object_set_string_member (object, "id", porch_doctor_step_get_id (self));
  json_object_set_string_member (object, "code", self->code);
  json_object_set_string_member (object, "state", get_state_nick (self->state));
  json_object_set_string_member (object, "sentence", self->sentence);
  json_object_set_string_member (object, "cause", self->cause);
  json_object_set_string_member (object, "remedy", self->remedy);
  json_object_set_string_member (object, "until", until);
  json_object_set_array_member (object, "records", records);

  return object;
}

#define RECORD_GETTER(ctype, getter, expression, fallback) \
  ctype \
  porch_doctor_record_##getter (PorchDoctorRecord *self) \
  { \
    g_return_val_if_fail (PORCH_IS_DOCTOR_RECORD (self), fallback); \
    \
    return expression; \
  }

#define STEP_GETTER(ctype, getter, expression, fallback) \
  ctype \
  porch_doctor_step_##getter (PorchDoctorStep *self) \
  { \
    g_return_val_if_fail (PORCH_IS_DOCTOR_STEP (self), fallback); \
    \
    return expression; \
  }

RECORD_GETTER (const char *, get_name, self->name, NULL)
RECORD_GETTER (const char *, get_short_name, self->short_name, NULL)
RECORD_GETTER (const char *, get_value, self->value, NULL)
RECORD_GETTER (const char *, get_found, self->found, NULL)
RECORD_GETTER (PorchDoctorState, get_state, self->state, PORCH_DOCTOR_UNKNOWN)
RECORD_GETTER (const char *, get_text, self->text, NULL)

/**
 * porch_doctor_record_get_record_type:
 * @self: a record
 *
 * Returns: (transfer none): its type, as it is called where it is entered; words for what is no record
 */
const char *
porch_doctor_record_get_record_type (PorchDoctorRecord *self)
{
  g_return_val_if_fail (PORCH_IS_DOCTOR_RECORD (self), NULL);

  return self->purpose == PORCH_DOCTOR_FORWARD ? _("Web forwarding") : self->type;
}

/**
 * porch_doctor_record_get_purpose:
 * @self: a record
 *
 * Returns: (transfer none): what it is good for, a few words
 */
const char *
porch_doctor_record_get_purpose (PorchDoctorRecord *self)
{
  g_return_val_if_fail (PORCH_IS_DOCTOR_RECORD (self), NULL);

  switch (self->purpose)
    {
    case PORCH_DOCTOR_SERVER:
      return _("A name server to enter where the name was bought");
    case PORCH_DOCTOR_PROOF:
      return _("Proves that the name is yours, and renews the certificate");
    case PORCH_DOCTOR_FORWARD:
      return _("Sends visitors on to the address of the site");
    case PORCH_DOCTOR_POINTER:
    default:
      return _("Leads visitors to the site");
    }
}

STEP_GETTER (const char *, get_id, parts[self->part].id, NULL)
STEP_GETTER (const char *, get_title, _(parts[self->part].title), NULL)
STEP_GETTER (PorchDoctorState, get_state, self->state, PORCH_DOCTOR_UNKNOWN)
STEP_GETTER (const char *, get_sentence, self->sentence, NULL)
STEP_GETTER (const char *, get_cause, self->cause, NULL)
STEP_GETTER (const char *, get_remedy, self->remedy, NULL)
STEP_GETTER (GListModel *, get_records, G_LIST_MODEL (self->records), NULL)
STEP_GETTER (const char * const *, get_instructions, (const char * const *) self->instructions, NULL)
STEP_GETTER (const char *, get_description, self->description, NULL)
