/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-domain-survey-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define MINUTE 60
#define HOUR   (60 * MINUTE)
#define DAY    (24 * HOUR)

/* Longer lists are cut: they are read out loud, too. */
#define MAX_SHOWN 4

/* Whoever of Amazon issues certificates ([CAA](https://docs.aws.amazon.com/acm/latest/userguide/setup-caa.html)) */
static const char * const amazon_issuers[] = { "amazon.com", "amazontrust.com", "awstrust.com", "amazonaws.com", NULL };

/* "5 minutes": rounded up, since it is a time to wait */
char *
porch_domain_show_time (guint seconds)
{
  guint n;

  if (seconds <= 90 * MINUTE && (seconds == 0 || seconds % HOUR != 0))
    {
      n = MAX ((seconds + MINUTE - 1) / MINUTE, 1);
      return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u minute", "%u minutes", n), n);
    }

  if (seconds <= 48 * HOUR)
    {
      n = (seconds + HOUR - 1) / HOUR;
      return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u hour", "%u hours", n), n);
    }

  n = (seconds + DAY - 1) / DAY;

  return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u day", "%u days", n), n);
}

char *
porch_domain_show_list (const char * const *items)
{
  guint n = g_strv_length ((char **) items);
  g_autoptr(GString) text = g_string_new (NULL);

  for (guint i = 0; i < MIN (n, MAX_SHOWN); i++)
    g_string_append_printf (text, i > 0 ? ", %s" : "%s", items[i]);

  if (n > MAX_SHOWN)
    g_string_append (text, ", …");

  return g_string_free_and_steal (g_steal_pointer (&text));
}

/* "0 issue amazon.com; account=1": a flag, what it is about, and whom it allows. Flags of 128 and more forbid everything to those
 * who don't know what it is about ([RFC 8659](https://www.rfc-editor.org/rfc/rfc8659), 4.1). */
static gboolean
read_issuer (const char  *record,
             gboolean    *is_critical,
             char       **tag,
             char       **issuer)
{
  g_auto(GStrv) parts = g_strsplit (record, " ", 3);

  if (g_strv_length (parts) < 2)
    return FALSE;

  *is_critical = g_ascii_strtoull (parts[0], NULL, 10) >= 128;
  *tag = g_ascii_strdown (parts[1], -1);
  *issuer = g_ascii_strdown (parts[2] != NULL ? parts[2] : "", -1);
  (*issuer)[strcspn (*issuer, ";")] = '\0';
  g_strstrip (*issuer);

  return TRUE;
}

PorchDomainIssue
porch_domain_judge_issuers (const char * const *issuers)
{
  static const char * const known_tags[] = { "issue", "issuewild", "iodef", "issuemail", "issuevmc", "contactemail", "contactphone", NULL };
  gboolean is_restricted = FALSE;
  gboolean is_allowed = FALSE;

  for (guint i = 0; issuers[i] != NULL; i++)
    {
      g_autofree char *tag = NULL;
      g_autofree char *issuer = NULL;
      gboolean is_critical = FALSE;

      if (!read_issuer (issuers[i], &is_critical, &tag, &issuer))
        continue;

      if (is_critical && !g_strv_contains (known_tags, tag))
        return PORCH_DOMAIN_ISSUE_FORBIDDEN;

      if (g_str_equal (tag, "issue"))
        {
          is_restricted = TRUE;
          is_allowed = is_allowed || g_strv_contains (amazon_issuers, issuer);
        }
    }

  return is_restricted && !is_allowed ? PORCH_DOMAIN_ISSUE_FORBIDDEN : PORCH_DOMAIN_ISSUE_ALLOWED;
}

static const char *
get_domain (PorchDomainSurvey *self)
{
  return porch_domain_name_get_registrable (self->name);
}

static void
add_note (PorchDomainSurvey *self,
          const char        *id,
          PorchDomainWeight  weight,
          const char        *title,
          char              *text)
{
  g_autoptr(PorchDomainNote) note = porch_domain_note_new (id, weight, title, text);

  g_list_store_append (self->notes, note);
}

static void
add_service_notes (PorchDomainSurvey *self,
                   const char        *domain)
{
  g_autofree char *lame = porch_domain_show_list ((const char * const *) self->lame);
  g_autofree char *servers = porch_domain_show_list ((const char * const *) self->delegated);

  if (self->service == PORCH_DOMAIN_SERVICE_BROKEN && self->is_signed)
    add_note (self, "broken-signature", PORCH_DOMAIN_WEIGHT_PROBLEM, _("The Name Can’t Be Found"),
              g_strdup_printf (_("Nobody finds “%s” at the moment. It is meant to be signed (DNSSEC), and the signatures are most likely wrong: switch "
                                 "DNSSEC off where the name was bought."), domain));
  else if (self->service == PORCH_DOMAIN_SERVICE_BROKEN)
    add_note (self, "broken", PORCH_DOMAIN_WEIGHT_PROBLEM, _("The Name Can’t Be Found"),
              /* Translators: a domain, then names of computers */
              g_strdup_printf (_("The name servers that “%s” is registered with don’t answer for it: %s. Its records can’t be seen, and nobody finds it."),
                               domain, *servers != '\0' ? servers : "—"));
  else if (*self->lame != NULL)
    add_note (self, "partial", PORCH_DOMAIN_WEIGHT_NOTICE, _("Some Name Servers Don’t Answer"),
              /* Translators: names of computers, then a domain */
              g_strdup_printf (_("%s: registered as a name server, but without an answer for “%s”. Visitors may have to wait, or find nothing now and then."),
                               lame, domain));
  else if (self->service == PORCH_DOMAIN_SERVICE_PARTIAL)
    add_note (self, "disagree", PORCH_DOMAIN_WEIGHT_NOTICE, _("The Name Servers Disagree"),
              g_strdup_printf (_("“%s” is registered with other name servers than those that it names itself. It works, but changes may take longer."), domain));
}

static void
add_issue_notes (PorchDomainSurvey *self)
{
  g_autofree char *shown = self->issue_name != NULL ? porch_domain_name_show (self->issue_name) : NULL;

  if (self->issue == PORCH_DOMAIN_ISSUE_FORBIDDEN)
    add_note (self, "caa", PORCH_DOMAIN_WEIGHT_PROBLEM, _("Certificates Are Not Allowed"),
              /* Translators: %s is a domain. Everything in the last pair of quotes stays as it is. */
              g_strdup_printf (_("A record of the type CAA at “%s” says who may issue certificates for it, and Amazon, who issues yours, is not named. "
                                 "Add one with the value “0 issue \"amazon.com\"”; the others stay."), shown));
  else if (self->issue == PORCH_DOMAIN_ISSUE_BROKEN && self->service != PORCH_DOMAIN_SERVICE_BROKEN)
    add_note (self, "caa-broken", PORCH_DOMAIN_WEIGHT_PROBLEM, _("Certificates May Be Refused"),
              g_strdup_printf (_("The name servers of “%s” don’t answer the question who may issue certificates for it (CAA). Without an answer none is issued. "
                                 "Ask the company that looks after the name, or move the name into your account."), get_domain (self)));
}

static void
add_current_notes (PorchDomainSurvey *self,
                   const char        *name)
{
  g_autofree char *time = porch_domain_show_time (self->current_ttl);

  if (self->is_loop)
    add_note (self, "loop", PORCH_DOMAIN_WEIGHT_PROBLEM, _("The Name Leads Nowhere"),
              g_strdup_printf (_("“%s” is an alias of an alias, without an end. Its record is replaced when the site gets the name."), name));
  else if (*self->current != NULL)
    add_note (self, "current", PORCH_DOMAIN_WEIGHT_NOTICE, _("The Name Is in Use"),
              /* Translators: a name, then a time such as “1 hour” */
              g_strdup_printf (_("“%s” leads to another server today. Your site takes its place; after the change, some visitors may still see the old page for up to %s."),
                               name, time));
  else if (*self->chain != NULL)
    add_note (self, "dangling", PORCH_DOMAIN_WEIGHT_NOTICE, _("The Name Leads Nowhere"),
              /* Translators: two names */
              g_strdup_printf (_("“%s” is an alias of “%s”, which is not there. Your site takes its place."), name, self->chain[g_strv_length (self->chain) - 1]));
}

static void
add_mail_notes (PorchDomainSurvey *self,
                const char        *domain)
{
  if (self->has_mail)
    add_note (self, "mail", PORCH_DOMAIN_WEIGHT_NOTICE, _("Mail Is in Use"),
              g_strdup_printf (_("Addresses at “%s” receive mail. That stays as it is: its records are not changed, and are copied first if the name moves into your account."), domain));

  if (self->is_signed && self->service != PORCH_DOMAIN_SERVICE_BROKEN)
    add_note (self, "signed", PORCH_DOMAIN_WEIGHT_NOTICE, _("The Name Is Signed"),
              g_strdup_printf (_("“%s” is signed (DNSSEC). That is fine as long as the name stays where it is. Before it moves into your account, signing has to be "
                                 "switched off where the name was bought, or nobody finds it any more."), domain));

  if (self->has_wildcard)
    add_note (self, "wildcard", PORCH_DOMAIN_WEIGHT_NOTICE, _("Any Name Is Answered"),
              g_strdup_printf (_("Every name that ends in “%s” leads somewhere, also names that nobody made. Only the record that does so is listed, not each name."), domain));

  if (self->is_incomplete)
    add_note (self, "incomplete", PORCH_DOMAIN_WEIGHT_NOTICE, _("Not Everything Was Answered"),
              g_strdup (_("Some questions were not answered. There may be more records than are listed here: compare them with the list at the company before the name moves.")));
}

static void
add_host_notes (PorchDomainSurvey *self,
                const char        *domain)
{
  const char *company = porch_domain_host_get_name (self->host);
  g_autofree char *servers = porch_domain_show_list ((const char * const *) self->delegated);

  if (porch_domain_name_get_kind (self->name) == PORCH_DOMAIN_APEX && porch_domain_host_get_apex_type (self->host) == NULL)
    add_note (self, "apex", PORCH_DOMAIN_WEIGHT_NOTICE, _("The Address Without “www.”"), porch_domain_host_dup_apex_text (self->host, domain));

  if (company != NULL)
    add_note (self, "host", PORCH_DOMAIN_WEIGHT_GOOD, _("Who Looks After the Name"),
              /* Translators: a domain, then the name of a company */
              g_strdup_printf (_("“%s” is looked after by %s."), domain, company));
  else
    add_note (self, "host", PORCH_DOMAIN_WEIGHT_GOOD, _("Who Looks After the Name"),
              /* Translators: a domain, then names of computers */
              g_strdup_printf (_("“%s” is looked after by a company that is not known here. Its name servers: %s."), domain, *servers != '\0' ? servers : "—"));
}

static int
compare_notes (gconstpointer a,
               gconstpointer b,
               gpointer      user_data)
{
  PorchDomainWeight first = porch_domain_note_get_weight ((PorchDomainNote *) a);
  PorchDomainWeight second = porch_domain_note_get_weight ((PorchDomainNote *) b);

  return (first < second) - (first > second);
}

void
porch_domain_survey_write_notes (PorchDomainSurvey *self)
{
  g_autofree char *domain = porch_domain_name_show (get_domain (self));
  const char *name = porch_domain_name_get_shown (self->name);

  g_list_store_remove_all (self->notes);

  if (self->registration == PORCH_DOMAIN_REGISTRATION_FREE)
    {
      add_note (self, "free", PORCH_DOMAIN_WEIGHT_GOOD, _("The Name Seems to Be Free"),
                g_strdup_printf (_("“%s” can’t be found: nobody has it, or whoever has it does not use it. Trying to buy it shows which."), domain));
      return;
    }

  if (self->registration == PORCH_DOMAIN_REGISTRATION_UNKNOWN)
    {
      add_note (self, "unknown", PORCH_DOMAIN_WEIGHT_PROBLEM, _("Nothing Could Be Found Out"),
                g_strdup_printf (_("The name servers that know about “%s” did not answer. Try again in a while."), domain));
      return;
    }

  if (self->is_below)
    {
      add_note (self, "below", PORCH_DOMAIN_WEIGHT_PROBLEM, _("Part of Somebody Else’s Name"),
                g_strdup_printf (_("“%s” is part of a name that belongs to somebody else. Only they can enter records for it, and it can’t be moved."), domain));
      return;
    }

  add_service_notes (self, domain);
  add_issue_notes (self);
  add_current_notes (self, name);
  add_mail_notes (self, domain);
  add_host_notes (self, domain);
  g_list_store_sort (self->notes, compare_notes, NULL);
}

/**
 * porch_domain_survey_get_advice:
 * @self: a survey
 *
 * Returns: (transfer none) (nullable): the way that is best for the name: `buy`, `move` or `elsewhere`; %NULL if it can't be had
 *   or nothing is known
 */
const char *
porch_domain_survey_get_advice (PorchDomainSurvey *self)
{
  g_return_val_if_fail (PORCH_IS_DOMAIN_SURVEY (self), NULL);

  if (self->registration == PORCH_DOMAIN_REGISTRATION_FREE)
    return "buy";

  if (self->registration == PORCH_DOMAIN_REGISTRATION_UNKNOWN || self->host == NULL)
    return NULL;

  /* Whatever is done, it is not found before its signatures are switched off. */
  if (self->service == PORCH_DOMAIN_SERVICE_BROKEN && self->is_signed)
    return NULL;

  if (self->is_below)
    return "elsewhere";

  if (self->service == PORCH_DOMAIN_SERVICE_BROKEN)
    return "move";

  if (porch_domain_name_get_kind (self->name) == PORCH_DOMAIN_APEX && porch_domain_host_get_apex_type (self->host) == NULL)
    return "move";

  return "elsewhere";
}

/**
 * porch_domain_survey_dup_advice_text:
 * @self: a survey
 *
 * Returns: (transfer full) (nullable): why that way is best, a sentence for people; %NULL where there is no advice
 */
char *
porch_domain_survey_dup_advice_text (PorchDomainSurvey *self)
{
  g_autofree char *domain = NULL;
  const char *advice;
  const char *name;

  g_return_val_if_fail (PORCH_IS_DOMAIN_SURVEY (self), NULL);

  advice = porch_domain_survey_get_advice (self);
  domain = porch_domain_name_show (get_domain (self));
  name = porch_domain_name_get_shown (self->name);

  if (advice == NULL)
    return NULL;

  if (g_str_equal (advice, "buy"))
    return g_strdup_printf (_("“%s” can be bought here, and everything else happens by itself."), domain);

  if (self->is_below)
    return g_strdup_printf (_("Whoever “%s” belongs to has to enter the records."), domain);

  if (self->service == PORCH_DOMAIN_SERVICE_BROKEN)
    return g_strdup_printf (_("The name servers of “%s” don’t work. With new ones it works again."), domain);

  if (g_str_equal (advice, "move"))
    return g_strdup_printf (_("“%s” can only lead to the site if it moves into your account. All records that are found go along, those for mail first."), domain);

  if (porch_domain_name_get_kind (self->name) == PORCH_DOMAIN_APEX)
    return g_strdup_printf (_("“%s” can stay where it is: a few records are enough."), name);

  return g_strdup_printf (_("“%s” can stay where it is: two records for “%s” are enough."), domain, name);
}
