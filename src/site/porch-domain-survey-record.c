/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-domain-survey-private.h"

#include "porch-names.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/**
 * PorchDomainRecord:
 *
 * A record of a domain, and what it is good for.
 */
struct _PorchDomainRecord
{
  GObject           parent_instance;

  char             *name;
  char             *shown_name;
  char             *record_type;
  char             *value;
  const char       *purpose;      /* translated when asked for */
  const char       *obstacle;
  guint             ttl;
  PorchDomainGroup  group;
};

/**
 * PorchDomainNote:
 *
 * Something that the owner of a domain should know.
 */
struct _PorchDomainNote
{
  GObject            parent_instance;

  char              *id;
  char              *title;
  char              *text;
  PorchDomainWeight  weight;
};

enum
{
  PROP_RECORD_NAME = 1,
  PROP_RECORD_SHOWN_NAME,
  PROP_RECORD_TYPE,
  PROP_RECORD_TTL,
  PROP_RECORD_VALUE,
  PROP_RECORD_GROUP,
  PROP_RECORD_PURPOSE,
  PROP_RECORD_OBSTACLE,
  N_RECORD_PROPS
};

enum
{
  PROP_NOTE_ID = 1,
  PROP_NOTE_WEIGHT,
  PROP_NOTE_TITLE,
  PROP_NOTE_TEXT,
  N_NOTE_PROPS
};

typedef struct
{
  PorchDomainGroup  group;
  const char       *purpose;
} Purpose;

static GParamSpec *record_properties[N_RECORD_PROPS];
static GParamSpec *note_properties[N_NOTE_PROPS];

G_DEFINE_FINAL_TYPE (PorchDomainRecord, porch_domain_record, G_TYPE_OBJECT)
G_DEFINE_FINAL_TYPE (PorchDomainNote, porch_domain_note, G_TYPE_OBJECT)

G_DEFINE_ENUM_TYPE (PorchDomainGroup, porch_domain_group,
                    G_DEFINE_ENUM_VALUE (PORCH_DOMAIN_GROUP_MAIL, "mail"),
                    G_DEFINE_ENUM_VALUE (PORCH_DOMAIN_GROUP_WEB, "web"),
                    G_DEFINE_ENUM_VALUE (PORCH_DOMAIN_GROUP_PROOF, "proof"),
                    G_DEFINE_ENUM_VALUE (PORCH_DOMAIN_GROUP_OTHER, "other"))

G_DEFINE_ENUM_TYPE (PorchDomainWeight, porch_domain_weight,
                    G_DEFINE_ENUM_VALUE (PORCH_DOMAIN_WEIGHT_GOOD, "good"),
                    G_DEFINE_ENUM_VALUE (PORCH_DOMAIN_WEIGHT_NOTICE, "notice"),
                    G_DEFINE_ENUM_VALUE (PORCH_DOMAIN_WEIGHT_PROBLEM, "problem"))

/* First parts of names that have to do with mail whatever stands there */
static const char * const mail_names[] = {
  "mail", "smtp", "imap", "pop", "pop3", "mx", "mx1", "mx2", "mx01", "mx02", "webmail", "autodiscover", "autoconfig", "email", "exchange",
  "mta-sts", "relay", "send", "bounce", "bounces", NULL
};

static const char * const mail_services[] = {
  "_imap", "_imaps", "_submission", "_submissions", "_pop3", "_pop3s", "_autodiscover", "_smtp", NULL
};

static void
porch_domain_record_get_property (GObject    *object,
                                  guint       prop_id,
                                  GValue     *value,
                                  GParamSpec *pspec)
{
  PorchDomainRecord *self = PORCH_DOMAIN_RECORD (object);

  switch (prop_id)
    {
    case PROP_RECORD_NAME:
      g_value_set_string (value, self->name);
      break;

    case PROP_RECORD_SHOWN_NAME:
      g_value_set_string (value, self->shown_name);
      break;

    case PROP_RECORD_TYPE:
      g_value_set_string (value, self->record_type);
      break;

    case PROP_RECORD_TTL:
      g_value_set_uint (value, self->ttl);
      break;

    case PROP_RECORD_VALUE:
      g_value_set_string (value, self->value);
      break;

    case PROP_RECORD_GROUP:
      g_value_set_enum (value, self->group);
      break;

    case PROP_RECORD_PURPOSE:
      g_value_set_string (value, porch_domain_record_get_purpose (self));
      break;

    case PROP_RECORD_OBSTACLE:
      g_value_set_string (value, porch_domain_record_get_obstacle (self));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
porch_domain_record_finalize (GObject *object)
{
  PorchDomainRecord *self = PORCH_DOMAIN_RECORD (object);

  g_clear_pointer (&self->name, g_free);
  g_clear_pointer (&self->shown_name, g_free);
  g_clear_pointer (&self->record_type, g_free);
  g_clear_pointer (&self->value, g_free);

  G_OBJECT_CLASS (porch_domain_record_parent_class)->finalize (object);
}

static void
porch_domain_record_class_init (PorchDomainRecordClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = porch_domain_record_get_property;
  object_class->finalize = porch_domain_record_finalize;

  record_properties[PROP_RECORD_NAME] = g_param_spec_string ("name", NULL, NULL, NULL, flags);
  record_properties[PROP_RECORD_SHOWN_NAME] = g_param_spec_string ("shown-name", NULL, NULL, NULL, flags);
  record_properties[PROP_RECORD_TYPE] = g_param_spec_string ("record-type", NULL, NULL, NULL, flags);
  record_properties[PROP_RECORD_TTL] = g_param_spec_uint ("ttl", NULL, NULL, 0, G_MAXUINT, 0, flags);
  record_properties[PROP_RECORD_VALUE] = g_param_spec_string ("value", NULL, NULL, NULL, flags);
  record_properties[PROP_RECORD_GROUP] = g_param_spec_enum ("group", NULL, NULL, PORCH_TYPE_DOMAIN_GROUP, PORCH_DOMAIN_GROUP_MAIL, flags);
  record_properties[PROP_RECORD_PURPOSE] = g_param_spec_string ("purpose", NULL, NULL, NULL, flags);
  record_properties[PROP_RECORD_OBSTACLE] = g_param_spec_string ("obstacle", NULL, NULL, NULL, flags);

  g_object_class_install_properties (object_class, N_RECORD_PROPS, record_properties);
}

static void
porch_domain_record_init (PorchDomainRecord *self)
{
}

static void
porch_domain_note_get_property (GObject    *object,
                                guint       prop_id,
                                GValue     *value,
                                GParamSpec *pspec)
{
  PorchDomainNote *self = PORCH_DOMAIN_NOTE (object);

  switch (prop_id)
    {
    case PROP_NOTE_ID:
      g_value_set_string (value, self->id);
      break;

    case PROP_NOTE_WEIGHT:
      g_value_set_enum (value, self->weight);
      break;

    case PROP_NOTE_TITLE:
      g_value_set_string (value, self->title);
      break;

    case PROP_NOTE_TEXT:
      g_value_set_string (value, self->text);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
porch_domain_note_finalize (GObject *object)
{
  PorchDomainNote *self = PORCH_DOMAIN_NOTE (object);

  g_clear_pointer (&self->id, g_free);
  g_clear_pointer (&self->title, g_free);
  g_clear_pointer (&self->text, g_free);

  G_OBJECT_CLASS (porch_domain_note_parent_class)->finalize (object);
}

static void
porch_domain_note_class_init (PorchDomainNoteClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = porch_domain_note_get_property;
  object_class->finalize = porch_domain_note_finalize;

  note_properties[PROP_NOTE_ID] = g_param_spec_string ("id", NULL, NULL, NULL, flags);
  note_properties[PROP_NOTE_WEIGHT] = g_param_spec_enum ("weight", NULL, NULL, PORCH_TYPE_DOMAIN_WEIGHT, PORCH_DOMAIN_WEIGHT_GOOD, flags);
  note_properties[PROP_NOTE_TITLE] = g_param_spec_string ("title", NULL, NULL, NULL, flags);
  note_properties[PROP_NOTE_TEXT] = g_param_spec_string ("text", NULL, NULL, NULL, flags);

  g_object_class_install_properties (object_class, N_NOTE_PROPS, note_properties);
}

static void
porch_domain_note_init (PorchDomainNote *self)
{
}

static gboolean
has_text (const char         *value,
          const char * const *beginnings)
{
  for (guint i = 0; beginnings[i] != NULL; i++)
    if (g_ascii_strncasecmp (value, beginnings[i], strlen (beginnings[i])) == 0)
      return TRUE;

  return FALSE;
}

/* Texts that services ask for before they believe whose a domain is */
static gboolean
is_proof (const char *value)
{
  static const char * const beginnings[] = {
    "google-site-verification=", "MS=", "facebook-domain-verification=", "apple-domain-verification=", "apple-domain=",
    "atlassian-domain-verification=", "adobe-idp-site-verification=", "stripe-verification=", "docusign=", "zoom-domain-verification=",
    "have-i-been-pwned-verification=", "pinterest-site-verification=", "yandex-verification:", "dropbox-domain-verification=",
    "openai-domain-verification=", "keybase-site-verification=", "brevo-code:", "protonmail-verification=", "ca3-", "amazonses:", NULL
  };

  return has_text (value, beginnings);
}

static Purpose
find_text_purpose (const char *name,
                   const char *value)
{
  static const char * const spf[] = { "v=spf1", NULL };
  static const char * const mail[] = { "v=STSv1", "v=TLSRPTv1", "v=BIMI1", NULL };

  if (has_text (value, spf))
    return (Purpose) { PORCH_DOMAIN_GROUP_MAIL, N_("Says who may send mail") };
  if (has_text (value, mail))
    return (Purpose) { PORCH_DOMAIN_GROUP_MAIL, N_("Protects mail on its way") };
  if (is_proof (value))
    return (Purpose) { PORCH_DOMAIN_GROUP_PROOF, N_("Proves to a service that the name is yours") };

  return (Purpose) { PORCH_DOMAIN_GROUP_OTHER, N_("A note for a service") };
}

static Purpose
find_name_purpose (const char *name,
                   const char *record_type,
                   const char *value)
{
  g_autofree char *first = g_strndup (name, strcspn (name, "."));

  if (strstr (name, "._domainkey.") != NULL)
    return (Purpose) { PORCH_DOMAIN_GROUP_MAIL, N_("Signs the mail that is sent") };
  if (g_str_equal (first, "_dmarc"))
    return (Purpose) { PORCH_DOMAIN_GROUP_MAIL, N_("Protects against forged mail") };
  if (porch_name_is_in (first, mail_services))
    return (Purpose) { PORCH_DOMAIN_GROUP_MAIL, N_("Sets up mail programs") };
  if (g_str_has_suffix (value, ".acm-validations.aws"))
    return (Purpose) { PORCH_DOMAIN_GROUP_PROOF, N_("Renews a certificate") };
  if (g_str_equal (record_type, "TXT"))
    return find_text_purpose (name, value);
  if (g_str_equal (first, "autodiscover") || g_str_equal (first, "autoconfig"))
    return (Purpose) { PORCH_DOMAIN_GROUP_MAIL, N_("Sets up mail programs") };
  if (porch_name_is_in (first, mail_names))
    return (Purpose) { PORCH_DOMAIN_GROUP_MAIL, N_("Belongs to the mail server") };
  if (g_str_equal (record_type, "SRV") || *first == '_')
    return (Purpose) { PORCH_DOMAIN_GROUP_OTHER, N_("Says where a service is") };

  return (Purpose) { PORCH_DOMAIN_GROUP_WEB, N_("Leads to a server, such as that of a website") };
}

static Purpose
find_purpose (const char *name,
              const char *record_type,
              const char *value)
{
  if (g_str_equal (record_type, "MX"))
    return (Purpose) { PORCH_DOMAIN_GROUP_MAIL, N_("Receives mail") };
  if (g_str_equal (record_type, "CAA"))
    return (Purpose) { PORCH_DOMAIN_GROUP_PROOF, N_("Says who may issue certificates") };
  if (g_str_equal (record_type, "NS"))
    return (Purpose) { PORCH_DOMAIN_GROUP_OTHER, N_("Other name servers answer for this name") };

  return find_name_purpose (name, record_type, value);
}

static const char *
find_obstacle (const char *name,
               const char *record_type,
               const char *domain,
               const char *wanted)
{
  gboolean is_address = g_str_equal (record_type, "A") || g_str_equal (record_type, "AAAA") || g_str_equal (record_type, "CNAME");

  if (is_address && g_strcmp0 (name, wanted) == 0)
    return N_("Your site takes its place.");

  if (g_str_equal (record_type, "CNAME") && g_strcmp0 (name, domain) == 0)
    return N_("The name without “www.” can’t have a record of this type there.");

  return NULL;
}

static char *
dup_shown_name (const char *name)
{
  g_autofree char *shown = NULL;

  if (g_str_has_prefix (name, "*."))
    {
      shown = porch_domain_name_show (name + 2);

      return g_strconcat ("*.", shown, NULL);
    }

  return porch_domain_name_show (name);
}

/* @domain is the apex, and @wanted the name that the site is to have; both may be NULL. */
PorchDomainRecord *
porch_domain_record_new (const char *name,
                         const char *record_type,
                         guint       ttl,
                         const char *value,
                         const char *domain,
                         const char *wanted)
{
  PorchDomainRecord *self = g_object_new (PORCH_TYPE_DOMAIN_RECORD, NULL);
  Purpose purpose = find_purpose (name, record_type, value);

  self->name = g_strdup (name);
  self->shown_name = dup_shown_name (name);
  self->record_type = g_strdup (record_type);
  self->ttl = ttl;
  self->value = g_strdup (value);
  self->group = purpose.group;
  self->purpose = purpose.purpose;
  self->obstacle = find_obstacle (name, record_type, domain, wanted);

  return self;
}

/* What mail is sent to, whatever it is called */
void
porch_domain_record_mark_mail (PorchDomainRecord *self)
{
  if (self->group != PORCH_DOMAIN_GROUP_WEB)
    return;

  self->group = PORCH_DOMAIN_GROUP_MAIL;
  self->purpose = N_("Belongs to the mail server");
}

const char *
porch_domain_record_get_name (PorchDomainRecord *self)
{
  g_return_val_if_fail (PORCH_IS_DOMAIN_RECORD (self), NULL);

  return self->name;
}

const char *
porch_domain_record_get_shown_name (PorchDomainRecord *self)
{
  g_return_val_if_fail (PORCH_IS_DOMAIN_RECORD (self), NULL);

  return self->shown_name;
}

const char *
porch_domain_record_get_record_type (PorchDomainRecord *self)
{
  g_return_val_if_fail (PORCH_IS_DOMAIN_RECORD (self), NULL);

  return self->record_type;
}

guint
porch_domain_record_get_ttl (PorchDomainRecord *self)
{
  g_return_val_if_fail (PORCH_IS_DOMAIN_RECORD (self), 0);

  return self->ttl;
}

const char *
porch_domain_record_get_value (PorchDomainRecord *self)
{
  g_return_val_if_fail (PORCH_IS_DOMAIN_RECORD (self), NULL);

  return self->value;
}

PorchDomainGroup
porch_domain_record_get_group (PorchDomainRecord *self)
{
  g_return_val_if_fail (PORCH_IS_DOMAIN_RECORD (self), PORCH_DOMAIN_GROUP_OTHER);

  return self->group;
}

const char *
porch_domain_record_get_purpose (PorchDomainRecord *self)
{
  g_return_val_if_fail (PORCH_IS_DOMAIN_RECORD (self), NULL);

  return _(self->purpose);
}

const char *
porch_domain_record_get_obstacle (PorchDomainRecord *self)
{
  g_return_val_if_fail (PORCH_IS_DOMAIN_RECORD (self), NULL);

  return self->obstacle != NULL ? _(self->obstacle) : NULL;
}

/* Mail first; the names of a group from the domain outwards, and what receives mail before what only helps */
int
porch_domain_record_compare (gconstpointer a,
                             gconstpointer b,
                             gpointer      user_data)
{
  const PorchDomainRecord *first = a;
  const PorchDomainRecord *second = b;
  int result;

  if (first->group != second->group)
    return first->group < second->group ? -1 : 1;

  if ((result = g_str_equal (second->record_type, "MX") - g_str_equal (first->record_type, "MX")) != 0)
    return result;

  if (strlen (first->name) != strlen (second->name))
    return strlen (first->name) < strlen (second->name) ? -1 : 1;

  if ((result = strcmp (first->name, second->name)) != 0 || (result = strcmp (first->record_type, second->record_type)) != 0)
    return result;

  return strcmp (first->value, second->value);
}

PorchDomainNote *
porch_domain_note_new (const char        *id,
                       PorchDomainWeight  weight,
                       const char        *title,
                       char              *text)
{
  PorchDomainNote *self = g_object_new (PORCH_TYPE_DOMAIN_NOTE, NULL);

  self->id = g_strdup (id);
  self->weight = weight;
  self->title = g_strdup (title);
  self->text = text;

  return self;
}

const char *
porch_domain_note_get_id (PorchDomainNote *self)
{
  g_return_val_if_fail (PORCH_IS_DOMAIN_NOTE (self), NULL);

  return self->id;
}

PorchDomainWeight
porch_domain_note_get_weight (PorchDomainNote *self)
{
  g_return_val_if_fail (PORCH_IS_DOMAIN_NOTE (self), PORCH_DOMAIN_WEIGHT_GOOD);

  return self->weight;
}

const char *
porch_domain_note_get_title (PorchDomainNote *self)
{
  g_return_val_if_fail (PORCH_IS_DOMAIN_NOTE (self), NULL);

  return self->title;
}

const char *
porch_domain_note_get_text (PorchDomainNote *self)
{
  g_return_val_if_fail (PORCH_IS_DOMAIN_NOTE (self), NULL);

  return self->text;
}
