/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-domain-doctor-private.h"

#include "porch-domain-survey-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define DAY (24 * 60 * 60)

/* Certificates are renewed 45 days before their end; one that is so near to it is not being renewed
 * ([ACM](https://docs.aws.amazon.com/acm/latest/userguide/managed-renewal.html)). */
#define NEAR_END (30 * DAY)

/* A certificate that is asked for is given up after so long. */
#define PROOF_TIME (72 * 60 * 60)

/* Parts of names from here on are made up by machines. */
#define LONG_PART 20

/* Slower than that, and visitors go away; in seconds */
#define SLOW_ANSWER 5.0

/* Which steps an owner reads beside a remedy */
typedef enum
{
  INSTRUCTIONS_NONE,
  INSTRUCTIONS_SERVERS,
  INSTRUCTIONS_RECORDS,
  INSTRUCTIONS_SIGNING,
} Instructions;

/* What is said for what is found. Words in braces are filled in: {name} the name of the site, {domain} what it is part of, {list}
 * the names it is about, {value} what is there instead, {time} a time such as "2 hours", {date} a date, {company} who looks
 * after the name. */
typedef struct
{
  PorchDoctorPart   part;
  const char       *code;
  PorchDoctorState  state;
  const char       *sentence;
  const char       *cause;
  const char       *remedy;
  Instructions      instructions;
} Words;

static const Words table[] = {
  { PORCH_DOCTOR_DELEGATION, "good", PORCH_DOCTOR_GOOD,
    N_("“{domain}” has the right name servers, and they answer."), NULL, NULL, INSTRUCTIONS_NONE },
  { PORCH_DOCTOR_DELEGATION, "offline", PORCH_DOCTOR_UNKNOWN,
    N_("The name servers could not be asked."),
    N_("This computer may not be connected to the internet."), NULL, INSTRUCTIONS_NONE },
  { PORCH_DOCTOR_DELEGATION, "registering", PORCH_DOCTOR_WAITING,
    N_("“{domain}” is being registered."),
    N_("That takes some minutes, now and then a few days."), NULL, INSTRUCTIONS_NONE },
  { PORCH_DOCTOR_DELEGATION, "suspended", PORCH_DOCTOR_WRONG,
    N_("“{domain}” can’t be found any more."),
    N_("Most likely the mail that asks whether your mail address is right was not answered within 15 days, or the name was not renewed."),
    N_("Open the link in that mail; it can be sent again. If the name ran out, renew it in your account."), INSTRUCTIONS_NONE },
  { PORCH_DOCTOR_DELEGATION, "free", PORCH_DOCTOR_WRONG,
    N_("“{domain}” can’t be found."),
    N_("It has run out, was never given name servers, or nobody has it."),
    N_("Look where you bought it whether it is paid for, and spelled like this."), INSTRUCTIONS_NONE },
  { PORCH_DOCTOR_DELEGATION, "wrong-servers", PORCH_DOCTOR_WRONG,
    N_("“{domain}” still has other name servers: {list}."),
    N_("Everything is ready in your account, but the internet asks the old ones. Only you can change that, where the name was bought."),
    N_("Enter the name servers below in place of those that are there."), INSTRUCTIONS_SERVERS },
  { PORCH_DOCTOR_DELEGATION, "partly-servers", PORCH_DOCTOR_WRONG,
    N_("“{domain}” has old and new name servers at the same time: {list} must go."),
    N_("Visitors get now this answer, now that."),
    N_("Leave only the name servers below."), INSTRUCTIONS_SERVERS },
  { PORCH_DOCTOR_DELEGATION, "few-servers", PORCH_DOCTOR_NOTICE,
    N_("Not all name servers of “{domain}” are entered: {list} is missing."),
    N_("It works, but is safe against failures only with all of them."),
    N_("Add the missing name servers where the name was bought."), INSTRUCTIONS_SERVERS },
  { PORCH_DOCTOR_DELEGATION, "old-servers", PORCH_DOCTOR_WAITING,
    N_("“{domain}” has its new name servers; some visitors still use the old ones for up to {time}."),
    N_("Others remember for a while whom to ask about a name."), NULL, INSTRUCTIONS_NONE },
  { PORCH_DOCTOR_DELEGATION, "signed-first", PORCH_DOCTOR_WRONG,
    N_("“{domain}” is signed (DNSSEC). That has to end before its name servers change."),
    N_("The new name servers don’t sign. Whoever checks signatures would not find the name any more, nor its mail."),
    N_("Switch DNSSEC off where the name was bought, and wait a day. Enter the name servers below only then."), INSTRUCTIONS_SIGNING },
  { PORCH_DOCTOR_DELEGATION, "signed", PORCH_DOCTOR_WRONG,
    N_("“{domain}” can’t be found: it is meant to be signed (DNSSEC), and is not."),
    N_("Signing was left on when the name servers changed. The new ones don’t sign, so everybody who checks signatures refuses their answers."),
    N_("Switch DNSSEC off where the name was bought. It is found again within a day."), INSTRUCTIONS_SIGNING },
  { PORCH_DOCTOR_DELEGATION, "signature-broken", PORCH_DOCTOR_WRONG,
    N_("“{domain}” can’t be found: its signatures (DNSSEC) are wrong."),
    N_("The registry and the name servers disagree about the key that signs, or the signatures ran out."),
    N_("Switch DNSSEC off where the name was bought, or ask {company} to sign again."), INSTRUCTIONS_SIGNING },
  { PORCH_DOCTOR_DELEGATION, "servers-broken", PORCH_DOCTOR_WRONG,
    N_("No name server of “{domain}” answers for it: {list}."),
    N_("They are out of order, or don’t know the name any more."),
    N_("Ask {company}, or move the name into your account."), INSTRUCTIONS_NONE },
  { PORCH_DOCTOR_DELEGATION, "silent", PORCH_DOCTOR_WRONG,
    N_("“{domain}” can’t be found at the moment: its name servers give no answer."),
    N_("They are out of order or overloaded, or somebody keeps this computer from asking them."),
    N_("Wait a few minutes. If it stays like this, try another network, and ask {company}."), INSTRUCTIONS_NONE },
  { PORCH_DOCTOR_DELEGATION, "zone-gone", PORCH_DOCTOR_WRONG,
    N_("The name servers in your account don’t answer for “{domain}” any more."),
    N_("Its records were removed from the account, or stand there a second time, with other name servers."),
    N_("Set the address up again: that makes them anew, and tells which name servers to enter."), INSTRUCTIONS_NONE },
  { PORCH_DOCTOR_DELEGATION, "partial", PORCH_DOCTOR_NOTICE,
    N_("Some name servers of “{domain}” don’t answer for it: {list}."),
    N_("Visitors may have to wait, or find nothing now and then."),
    N_("Ask {company}, or take these name servers out where the name was bought."), INSTRUCTIONS_NONE },

  { PORCH_DOCTOR_RECORDS, "good", PORCH_DOCTOR_GOOD,
    N_("All records are there."), NULL, NULL, INSTRUCTIONS_NONE },
  { PORCH_DOCTOR_RECORDS, "offline", PORCH_DOCTOR_UNKNOWN,
    N_("The records could not be looked at."),
    N_("This computer may not be connected to the internet."), NULL, INSTRUCTIONS_NONE },
  { PORCH_DOCTOR_RECORDS, "waits", PORCH_DOCTOR_UNKNOWN,
    N_("Comes as soon as the name servers are right."), NULL, NULL, INSTRUCTIONS_NONE },
  { PORCH_DOCTOR_RECORDS, "not-planned", PORCH_DOCTOR_WAITING,
    N_("Which records are needed is known in a moment."), NULL, NULL, INSTRUCTIONS_NONE },
  { PORCH_DOCTOR_RECORDS, "missing", PORCH_DOCTOR_WRONG,
    N_("Records are still missing for {list}."),
    N_("They are entered at {company}. Only you can do that."),
    N_("Enter the records below. They are looked for by themselves; after saving it takes a few minutes."), INSTRUCTIONS_RECORDS },
  { PORCH_DOCTOR_RECORDS, "later", PORCH_DOCTOR_WAITING,
    N_("The records that lead visitors to the site come last: {list}."),
    N_("They are changed when the certificate is there and the site answers to its name. Until then visitors see what is there now."), NULL,
    INSTRUCTIONS_NONE },
  { PORCH_DOCTOR_RECORDS, "writing", PORCH_DOCTOR_WAITING,
    N_("The records are being written."), NULL, NULL, INSTRUCTIONS_NONE },
  { PORCH_DOCTOR_RECORDS, "gone", PORCH_DOCTOR_WRONG,
    N_("Records are gone: {list}."),
    N_("Somebody removed them in your account."),
    N_("Set the address up again: that writes them anew, and leaves everything else alone."), INSTRUCTIONS_NONE },
  { PORCH_DOCTOR_RECORDS, "exists", PORCH_DOCTOR_WRONG,
    N_("Something else stands at {list}."),
    N_("“{value}” is there instead of the record below, often for a page of the company or an old site."),
    N_("Change that record to the one below, or remove it and add the one below. Records of other types, such as for mail, stay."), INSTRUCTIONS_RECORDS },
  { PORCH_DOCTOR_RECORDS, "exists-here", PORCH_DOCTOR_WRONG,
    N_("Something else stands at {list}."),
    N_("“{value}” stands in your account instead of what leads to your site. It is not replaced without your consent."),
    N_("Set the address up again and agree to replacing it."), INSTRUCTIONS_NONE },
  { PORCH_DOCTOR_RECORDS, "doubled", PORCH_DOCTOR_WRONG,
    N_("A record was entered with “{domain}” twice: {value}."),
    N_("Most companies add “{domain}” to the name by themselves."),
    N_("Enter only the short name, without “{domain}” at its end."), INSTRUCTIONS_RECORDS },
  { PORCH_DOCTOR_RECORDS, "old", PORCH_DOCTOR_WAITING,
    N_("The records are right; some visitors still get the old ones for up to {time}."),
    N_("Others remember an answer for as long as it said itself. Nothing can hurry them."), NULL, INSTRUCTIONS_NONE },
  { PORCH_DOCTOR_RECORDS, "silent", PORCH_DOCTOR_WRONG,
    N_("The name servers give no answer about {list}."),
    N_("They are slow or out of order. Visitors don’t find the site as long as it is so."),
    N_("Wait a few minutes. If it stays like this, ask {company}."), INSTRUCTIONS_NONE },

  { PORCH_DOCTOR_CERTIFICATE, "good", PORCH_DOCTOR_GOOD,
    N_("The certificate is good until {date}, and is renewed by itself before."), NULL, NULL, INSTRUCTIONS_NONE },
  { PORCH_DOCTOR_CERTIFICATE, "offline", PORCH_DOCTOR_UNKNOWN,
    N_("The certificate could not be looked at."),
    N_("Your account could not be asked."), NULL, INSTRUCTIONS_NONE },
  { PORCH_DOCTOR_CERTIFICATE, "not-requested", PORCH_DOCTOR_WAITING,
    N_("The certificate is asked for soon."), NULL, NULL, INSTRUCTIONS_NONE },
  { PORCH_DOCTOR_CERTIFICATE, "pending", PORCH_DOCTOR_WAITING,
    N_("The certificate is on its way."),
    N_("The records that prove whose the name is are there. It mostly takes some minutes now, at times half an hour."), NULL, INSTRUCTIONS_NONE },
  { PORCH_DOCTOR_CERTIFICATE, "pending-proof", PORCH_DOCTOR_WAITING,
    N_("The certificate waits for the records that prove whose the name is."),
    N_("They have to be there until {date}."),
    N_("See the records above."), INSTRUCTIONS_NONE },
  { PORCH_DOCTOR_CERTIFICATE, "caa-forbids", PORCH_DOCTOR_WRONG,
    N_("“{value}” says that Amazon may not issue certificates for it."),
    N_("It has records of the type CAA that name others only: {list}."),
    N_("Add a record of the type CAA at “{value}” with the value 0 issue \"amazon.com\". The others stay. Then the certificate is asked for again."),
    INSTRUCTIONS_RECORDS },
  { PORCH_DOCTOR_CERTIFICATE, "caa-broken", PORCH_DOCTOR_WRONG,
    N_("The name servers don’t say who may issue certificates for “{domain}”."),
    N_("They fail when they are asked for records of the type CAA. Without an answer no certificate is issued."),
    N_("Ask {company} about CAA records, or move the name into your account."), INSTRUCTIONS_NONE },
  { PORCH_DOCTOR_CERTIFICATE, "caa-failed", PORCH_DOCTOR_WRONG,
    N_("The certificate was refused: records of the type CAA forbade it."),
    N_("They allow Amazon now."),
    N_("Set the address up again: that asks for a new certificate."), INSTRUCTIONS_NONE },
  { PORCH_DOCTOR_CERTIFICATE, "timed-out", PORCH_DOCTOR_WRONG,
    N_("The certificate was given up: the proof did not come within three days."),
    N_("The records that prove whose the name is were not there in time."),
    N_("Set the address up again: that asks anew. The records stay the same."), INSTRUCTIONS_NONE },
  { PORCH_DOCTOR_CERTIFICATE, "needs-support", PORCH_DOCTOR_WRONG,
    N_("The certificate needs a look by a person."),
    N_("Names that resemble a well-known company or bank are checked by hand."),
    N_("Write to the support of your account, “Account and billing”, and tell them the name. That is free."), INSTRUCTIONS_NONE },
  { PORCH_DOCTOR_CERTIFICATE, "not-allowed", PORCH_DOCTOR_WRONG,
    N_("No certificate is issued for “{name}”."),
    N_("The name is on a list of names that harmed people, perhaps of an earlier owner."),
    N_("Ask the support of your account, or choose another name."), INSTRUCTIONS_NONE },
  { PORCH_DOCTOR_CERTIFICATE, "failed", PORCH_DOCTOR_WRONG,
    N_("The certificate was refused ({value})."),
    N_("The service gave no other reason."),
    N_("Set the address up again: that asks for a new certificate."), INSTRUCTIONS_NONE },
  { PORCH_DOCTOR_CERTIFICATE, "revoked", PORCH_DOCTOR_WRONG,
    N_("The certificate was withdrawn."),
    N_("Browsers warn of the site."),
    N_("Set the address up again: that asks for a new certificate."), INSTRUCTIONS_NONE },
  { PORCH_DOCTOR_CERTIFICATE, "expired", PORCH_DOCTOR_WRONG,
    N_("The certificate ended on {date}."),
    N_("It was not renewed, since the record that proves whose the name is was gone. Browsers warn of the site."),
    N_("Set the address up again: that asks for a new certificate."), INSTRUCTIONS_NONE },
  { PORCH_DOCTOR_CERTIFICATE, "gone", PORCH_DOCTOR_WRONG,
    N_("The certificate is gone."),
    N_("It was deleted in your account."),
    N_("Set the address up again: that asks for a new certificate."), INSTRUCTIONS_NONE },
  { PORCH_DOCTOR_CERTIFICATE, "not-covering", PORCH_DOCTOR_WRONG,
    N_("The certificate is for other names: {list} is missing in it."),
    N_("The site has got another name since."),
    N_("Set the address up again: that asks for a fitting certificate."), INSTRUCTIONS_NONE },
  { PORCH_DOCTOR_CERTIFICATE, "ending-proof-gone", PORCH_DOCTOR_WRONG,
    N_("The certificate ends on {date} and can’t be renewed."),
    N_("The record that proves whose the name is has gone for {list}."),
    N_("Enter the record again, as it stands under Records. The renewal goes on by itself then."), INSTRUCTIONS_RECORDS },
  { PORCH_DOCTOR_CERTIFICATE, "ending", PORCH_DOCTOR_WRONG,
    N_("The certificate ends on {date} and has not been renewed."),
    N_("That should have happened by itself two weeks ago. All records are there."),
    N_("Set the address up again: that asks for a new certificate."), INSTRUCTIONS_NONE },
  { PORCH_DOCTOR_CERTIFICATE, "proof-gone", PORCH_DOCTOR_NOTICE,
    N_("The certificate is good until {date}, but can’t be renewed as things are."),
    N_("The record that proves whose the name is has gone for {list}."),
    N_("Enter the record again, as it stands under Records."), INSTRUCTIONS_RECORDS },
  { PORCH_DOCTOR_CERTIFICATE, "caa-renewal", PORCH_DOCTOR_NOTICE,
    N_("The certificate is good until {date}, but must not be renewed as things are."),
    N_("“{value}” has records of the type CAA that name others only: {list}."),
    N_("Add a record of the type CAA at “{value}” with the value 0 issue \"amazon.com\". The others stay."), INSTRUCTIONS_RECORDS },

  { PORCH_DOCTOR_DISTRIBUTION, "good", PORCH_DOCTOR_GOOD,
    N_("The site answers to its name, all over the world."), NULL, NULL, INSTRUCTIONS_NONE },
  { PORCH_DOCTOR_DISTRIBUTION, "offline", PORCH_DOCTOR_UNKNOWN,
    N_("The connection could not be looked at."),
    N_("Your account could not be asked."), NULL, INSTRUCTIONS_NONE },
  { PORCH_DOCTOR_DISTRIBUTION, "waits", PORCH_DOCTOR_UNKNOWN,
    N_("Comes as soon as the certificate is there."), NULL, NULL, INSTRUCTIONS_NONE },
  { PORCH_DOCTOR_DISTRIBUTION, "gone", PORCH_DOCTOR_WRONG,
    N_("What shows the site to visitors is gone."),
    N_("It was deleted in your account."),
    N_("Delete the site here and create it again; its pages are on this computer."), INSTRUCTIONS_NONE },
  { PORCH_DOCTOR_DISTRIBUTION, "off", PORCH_DOCTOR_WRONG,
    N_("The site is switched off."),
    N_("Somebody switched it off in your account."),
    N_("Switch it on again there."), INSTRUCTIONS_NONE },
  { PORCH_DOCTOR_DISTRIBUTION, "claimed-here", PORCH_DOCTOR_WRONG,
    N_("“{list}” belongs to another site in your account."),
    N_("A name can lead to one site only."),
    N_("Take the name away from the other site, or set the address up again and agree to moving it here."), INSTRUCTIONS_NONE },
  { PORCH_DOCTOR_DISTRIBUTION, "claimed-elsewhere", PORCH_DOCTOR_WRONG,
    N_("“{list}” belongs to a site in somebody else’s account."),
    N_("An earlier owner or a company that made a site for you still has the name at the same service."),
    N_("Ask them to take the name out of their site. If you can’t reach them, the support of your account can help."), INSTRUCTIONS_NONE },
  { PORCH_DOCTOR_DISTRIBUTION, "not-connected", PORCH_DOCTOR_WAITING,
    N_("The site does not answer to {list} yet."),
    N_("That is the next step."), NULL, INSTRUCTIONS_NONE },
  { PORCH_DOCTOR_DISTRIBUTION, "disconnected", PORCH_DOCTOR_WRONG,
    N_("The site does not answer to {list} any more."),
    N_("The name was taken out of the site in your account."),
    N_("Set the address up again."), INSTRUCTIONS_NONE },
  { PORCH_DOCTOR_DISTRIBUTION, "deploying", PORCH_DOCTOR_WAITING,
    N_("The name is being made known all over the world."),
    N_("That takes about five minutes."), NULL, INSTRUCTIONS_NONE },

  { PORCH_DOCTOR_ANSWER, "good", PORCH_DOCTOR_GOOD,
    N_("“{name}” shows the site, safely."), NULL, NULL, INSTRUCTIONS_NONE },
  { PORCH_DOCTOR_ANSWER, "offline", PORCH_DOCTOR_UNKNOWN,
    N_("The site could not be visited."),
    N_("This computer may not be connected to the internet."), NULL, INSTRUCTIONS_NONE },
  { PORCH_DOCTOR_ANSWER, "waits", PORCH_DOCTOR_UNKNOWN,
    N_("Comes when everything before is done."), NULL, NULL, INSTRUCTIONS_NONE },
  { PORCH_DOCTOR_ANSWER, "slow", PORCH_DOCTOR_NOTICE,
    N_("“{name}” shows the site, but took {value} seconds."),
    N_("The connection of this computer may be slow at the moment, or a name server."), NULL, INSTRUCTIONS_NONE },
  { PORCH_DOCTOR_ANSWER, "empty", PORCH_DOCTOR_NOTICE,
    N_("“{name}” works; nothing has been published yet."), NULL,
    N_("Publish the first version of the site."), INSTRUCTIONS_NONE },
  { PORCH_DOCTOR_ANSWER, "not-sent-on", PORCH_DOCTOR_NOTICE,
    N_("“{list}” shows the site, too, instead of sending visitors on to “{name}”."),
    N_("Search engines take them for two sites."),
    N_("Set the address up again."), INSTRUCTIONS_NONE },
  { PORCH_DOCTOR_ANSWER, "no-name", PORCH_DOCTOR_WRONG,
    N_("“{list}” can’t be found from this computer."),
    N_("Its name servers answer, but the one that this computer asks does not know it yet, or nobody does."),
    N_("Wait until the records above are right everywhere."), INSTRUCTIONS_NONE },
  { PORCH_DOCTOR_ANSWER, "silent", PORCH_DOCTOR_WRONG,
    N_("“{list}” can’t be reached from this computer ({value})."),
    N_("Something between this computer and the site is in the way, such as a filter, or the internet is not there."),
    N_("Try another network, such as that of a phone."), INSTRUCTIONS_NONE },
  { PORCH_DOCTOR_ANSWER, "bad-certificate", PORCH_DOCTOR_WRONG,
    N_("Browsers warn of “{list}”: the certificate does not fit."),
    N_("Another server answers, or the site does not answer to this name yet."),
    N_("See the steps above: the name has to lead to the site, and the certificate has to be connected."), INSTRUCTIONS_NONE },
  { PORCH_DOCTOR_ANSWER, "foreign", PORCH_DOCTOR_WRONG,
    N_("Something else answers at “{list}”: {value}."),
    N_("The name leads to another server, or something between this computer and the site answers in its place."),
    N_("See the records above. If they are right, try another network."), INSTRUCTIONS_NONE },
  { PORCH_DOCTOR_ANSWER, "refused", PORCH_DOCTOR_WRONG,
    N_("“{list}” leads to the right place, but no site there answers to it."),
    N_("The name is not connected to the site."),
    N_("See the step above."), INSTRUCTIONS_NONE },
  { PORCH_DOCTOR_ANSWER, "error", PORCH_DOCTOR_WRONG,
    N_("“{list}” answers with an error ({value})."),
    N_("The name leads to the site, but the site does not work."),
    N_("Publish it again. If that does not help, look at its history and go back to an earlier version."), INSTRUCTIONS_NONE },
};

/* What fills the braces */
typedef struct
{
  const char * const *list;
  const char         *value;
  GDateTime          *date;
  guint               seconds;
} Fill;

static void
finding_free (gpointer data)
{
  PorchDoctorFinding *finding = data;

  g_free (finding->found);
  g_clear_pointer (&finding->until, g_date_time_unref);
  g_free (finding);
}

void
porch_doctor_verdict_free (PorchDoctorVerdict *verdict)
{
  g_free (verdict->sentence);
  g_free (verdict->cause);
  g_free (verdict->remedy);
  g_strfreev (verdict->instructions);
  g_clear_pointer (&verdict->until, g_date_time_unref);
  g_clear_pointer (&verdict->findings, g_ptr_array_unref);
  g_free (verdict);
}

/* Walks over all that can be found; NULL at the end. For tests and lists. */
const char *
porch_doctor_get_code (guint            index,
                       PorchDoctorPart *part)
{
  if (index >= G_N_ELEMENTS (table))
    return NULL;

  *part = table[index].part;

  return table[index].code;
}

static const Words *
find_words (PorchDoctorPart  part,
            const char      *code)
{
  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    if (table[i].part == part && g_str_equal (table[i].code, code))
      return &table[i];

  g_return_val_if_reached (&table[0]);
}

/* The first part of a proof's name is made up, and long: what it proves says more. */
static const char *
skip_made_up (const char *name)
{
  gsize first = strcspn (name, ".");

  return *name == '_' && first > LONG_PART && name[first] == '.' ? name + first + 1 : name;
}

static char *
show_names (const char * const *names)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  g_auto(GStrv) shown = NULL;

  for (guint i = 0; names != NULL && names[i] != NULL; i++)
    g_strv_builder_take (builder, porch_domain_name_show (skip_made_up (names[i])));

  shown = g_strv_builder_end (builder);

  return porch_domain_show_list ((const char * const *) shown);
}

static char *
show_company (const PorchDoctorFacts *facts)
{
  const char *name = facts->host != NULL ? porch_domain_host_get_name (facts->host) : NULL;

  return g_strdup (name != NULL ? name : _("the company that looks after the name"));
}

static char *
show_date (GDateTime *date)
{
  g_autoptr(GDateTime) local = NULL;

  if (date == NULL)
    return g_strdup ("—");

  local = g_date_time_to_local (date);

  /* Translators: a date, as in “5 March 2026” */
  return g_date_time_format (local, _("%-d %B %Y"));
}

static char *
fill (const char             *text,
      const PorchDoctorFacts *facts,
      const Fill             *with)
{
  g_autoptr(GString) filled = NULL;
  g_autofree char *name = porch_domain_name_show (facts->name);
  g_autofree char *domain = porch_domain_name_show (facts->domain);
  g_autofree char *list = show_names (with->list);
  g_autofree char *company = show_company (facts);
  g_autofree char *time = porch_domain_show_time (with->seconds);
  g_autofree char *date = show_date (with->date);

  if (text == NULL)
    return NULL;

  filled = g_string_new (_(text));
  g_string_replace (filled, "{name}", name, 0);
  g_string_replace (filled, "{domain}", domain, 0);
  g_string_replace (filled, "{company}", company, 0);
  g_string_replace (filled, "{time}", time, 0);
  g_string_replace (filled, "{date}", date, 0);
  /* What comes from outside is filled in last, so that nothing in it is taken for one of the words. */
  g_string_replace (filled, "{list}", list, 0);
  g_string_replace (filled, "{value}", with->value != NULL ? with->value : "—", 0);

  return g_string_free_and_steal (g_steal_pointer (&filled));
}

static char **
get_instructions (Instructions            instructions,
                  const PorchDoctorFacts *facts)
{
  g_autoptr(PorchDomainHost) unknown = porch_domain_host_get ("unknown");
  g_autofree char *domain = porch_domain_name_show (facts->domain);
  PorchDomainHost *host = facts->host != NULL ? facts->host : unknown;

  switch (instructions)
    {
    case INSTRUCTIONS_SERVERS:
      return porch_domain_host_dup_server_steps (host, domain);
    case INSTRUCTIONS_RECORDS:
      return porch_domain_host_dup_record_steps (host, domain);
    case INSTRUCTIONS_SIGNING:
      return porch_domain_host_dup_signing_steps (host, domain);
    case INSTRUCTIONS_NONE:
    default:
      return NULL;
    }
}

static PorchDoctorVerdict *
say (const PorchDoctorFacts *facts,
     PorchDoctorPart         part,
     const char             *code,
     const Fill             *with)
{
  static const Fill nothing = { 0 };
  const Words *words = find_words (part, code);
  PorchDoctorVerdict *verdict = g_new0 (PorchDoctorVerdict, 1);

  if (with == NULL)
    with = &nothing;

  verdict->code = words->code;
  verdict->state = words->state;
  verdict->sentence = fill (words->sentence, facts, with);
  verdict->cause = fill (words->cause, facts, with);
  verdict->remedy = fill (words->remedy, facts, with);
  verdict->instructions = get_instructions (words->instructions, facts);
  verdict->findings = g_ptr_array_new_with_free_func (finding_free);

  if (words->state == PORCH_DOCTOR_WAITING && with->seconds > 0)
    verdict->until = g_date_time_add_seconds (facts->now, with->seconds);

  return verdict;
}

static gboolean
has_any (char       **items,
         const char  *item)
{
  return g_strv_contains ((const char * const *) items, item);
}

/* Those of @items that are not in @others */
static char **
subtract (char **items,
          char **others)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();

  for (guint i = 0; items[i] != NULL; i++)
    if (!has_any (others, items[i]))
      g_strv_builder_add (builder, items[i]);

  return g_strv_builder_end (builder);
}

/* Records */

/* Addresses of one kind that lead to the site, and those that don't. */
static void
count_addresses (const PorchDoctorFacts *facts,
                 char                  **found,
                 gboolean                is_v6,
                 guint                  *n_own,
                 guint                  *n_strange)
{
  *n_own = 0;
  *n_strange = 0;

  for (guint i = 0; found[i] != NULL; i++)
    if (g_hostname_is_ip_address (found[i]) && (strchr (found[i], ':') != NULL) == is_v6)
      (*(has_any (facts->site_addresses, found[i]) ? n_own : n_strange))++;
}

/* The site has other addresses in other places of the world: one that fits is enough, and a visit that worked proves it, too.
 * But where addresses of the one kind fit, and none of the other, those were left behind. */
static gboolean
is_pointing (const PorchDoctorFacts *facts,
             const PorchDoctorWish  *wish,
             char                  **found)
{
  PorchDoctorVisit *visit = porch_doctor_facts_find_visit (facts, wish->name);
  gboolean was_seen = visit != NULL && (visit->outcome == PORCH_DOCTOR_VISIT_GOOD || visit->outcome == PORCH_DOCTOR_VISIT_EMPTY);
  guint n_own[2];
  guint n_strange[2];

  if (has_any (found, wish->value))
    return TRUE;

  if (wish->purpose == PORCH_DOCTOR_SERVER || wish->purpose == PORCH_DOCTOR_PROOF)
    return FALSE;

  if (wish->purpose == PORCH_DOCTOR_FORWARD)
    return was_seen;

  count_addresses (facts, found, FALSE, &n_own[0], &n_strange[0]);
  count_addresses (facts, found, TRUE, &n_own[1], &n_strange[1]);

  if (n_own[0] + n_own[1] == 0)
    return was_seen && *found != NULL;

  return (n_own[0] > 0 || n_strange[0] == 0) && (n_own[1] > 0 || n_strange[1] == 0);
}

/* What leads elsewhere; of an alias its own target, not all that comes after */
static char *
show_strangers (const PorchDoctorFacts *facts,
                const PorchDoctorWish  *wish,
                char                  **found)
{
  g_auto(GStrv) strangers = subtract (found, facts->site_addresses);

  if (wish->purpose != PORCH_DOCTOR_SERVER && *found != NULL && !g_hostname_is_ip_address (*found))
    return g_strdup (*found);

  return porch_domain_show_list ((const char * const *) (*strangers != NULL ? strangers : found));
}

/* Who leads visitors to a site that does not answer to the name yet takes the old page away from them. */
static gboolean
comes_later (const PorchDoctorFacts *facts,
             const PorchDoctorWish  *wish)
{
  return !facts->is_live && (wish->purpose == PORCH_DOCTOR_POINTER || wish->purpose == PORCH_DOCTOR_FORWARD) &&
         *facts->missing_names != NULL;
}

static void
judge_wish (const PorchDoctorFacts *facts,
            const PorchDoctorWish  *wish,
            PorchDoctorFinding     *finding)
{
  finding->wish = wish;
  finding->state = PORCH_DOCTOR_WRONG;

  if (!wish->is_known)
    {
      finding->code = "unknown";
      finding->state = PORCH_DOCTOR_UNKNOWN;
    }
  else if (is_pointing (facts, wish, wish->found))
    {
      gboolean is_old = wish->old_ttl > 0 && *wish->old != NULL && !is_pointing (facts, wish, wish->old);

      finding->code = is_old ? "old" : "good";
      finding->state = is_old ? PORCH_DOCTOR_WAITING : PORCH_DOCTOR_GOOD;
      finding->found = is_old ? show_strangers (facts, wish, wish->old) : NULL;
      finding->until = is_old ? g_date_time_add_seconds (facts->now, wish->old_ttl) : NULL;
    }
  else if (comes_later (facts, wish))
    {
      finding->code = "later";
      finding->state = PORCH_DOCTOR_WAITING;
      finding->found = *wish->found != NULL ? porch_domain_show_list ((const char * const *) wish->found) : NULL;
    }
  else if (wish->status == PORCH_DNS_BROKEN)
    {
      finding->code = "silent";
    }
  else if (*wish->found != NULL)
    {
      finding->code = "other";
      finding->found = show_strangers (facts, wish, wish->found);
    }
  else if (wish->doubled != NULL)
    {
      finding->code = "doubled";
      finding->found = g_strdup (wish->doubled);
    }
  else
    {
      finding->code = "missing";
    }

  /* Without a proof the site works as long as its certificate is good. */
  if (finding->state == PORCH_DOCTOR_WRONG && wish->purpose == PORCH_DOCTOR_PROOF && g_strcmp0 (facts->certificate, "ISSUED") == 0)
    finding->state = PORCH_DOCTOR_NOTICE;
}

static void
add_findings (PorchDoctorVerdict     *verdict,
              const PorchDoctorFacts *facts,
              gboolean                of_servers)
{
  for (guint i = 0; i < facts->wishes->len; i++)
    {
      const PorchDoctorWish *wish = g_ptr_array_index (facts->wishes, i);
      PorchDoctorFinding *finding;

      if ((wish->purpose == PORCH_DOCTOR_SERVER) != of_servers)
        continue;

      finding = g_new0 (PorchDoctorFinding, 1);
      judge_wish (facts, wish, finding);
      g_ptr_array_add (verdict->findings, finding);
    }
}

/* The names that it is so with; the first thing that is there instead goes to @value, the longest time to @seconds. */
static char **
collect (const PorchDoctorFacts  *facts,
         const char              *code,
         char                   **value,
         guint                   *seconds)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();

  *seconds = 0;

  for (guint i = 0; i < facts->wishes->len; i++)
    {
      const PorchDoctorWish *wish = g_ptr_array_index (facts->wishes, i);
      PorchDoctorFinding finding = { 0 };

      if (wish->purpose == PORCH_DOCTOR_SERVER)
        continue;

      judge_wish (facts, wish, &finding);

      if (g_str_equal (finding.code, code))
        {
          g_strv_builder_add (builder, wish->name);
          *seconds = MAX (*seconds, wish->old_ttl);
          if (*value == NULL)
            *value = g_strdup (finding.found);
        }

      g_free (finding.found);
      g_clear_pointer (&finding.until, g_date_time_unref);
    }

  return g_strv_builder_end (builder);
}

static const char *
get_record_code (const PorchDoctorFacts *facts,
                 const char             *found)
{
  if (g_str_equal (found, "missing"))
    return !facts->is_in_account ? "missing" : facts->is_live ? "gone" : "writing";

  if (g_str_equal (found, "other"))
    return facts->is_in_account ? "exists-here" : "exists";

  return g_str_equal (found, "unknown") ? "offline" : found;
}

/* Whether the internet asks the name servers that the records are written to */
static gboolean
is_delegated (const PorchDoctorFacts *facts)
{
  if (facts->registration == PORCH_DOMAIN_REGISTRATION_FREE)
    return FALSE;

  if (!facts->is_in_account || *facts->zone_servers == NULL || *facts->delegated == NULL)
    return TRUE;

  for (guint i = 0; facts->delegated[i] != NULL; i++)
    if (has_any (facts->zone_servers, facts->delegated[i]))
      return TRUE;

  return FALSE;
}

static PorchDoctorVerdict *
judge_found_records (const PorchDoctorFacts *facts)
{
  static const char * const order[] = { "doubled", "other", "missing", "silent", "unknown", "old", "later", NULL };

  for (guint i = 0; order[i] != NULL; i++)
    {
      g_autofree char *value = NULL;
      Fill with = { 0 };
      g_auto(GStrv) names = collect (facts, order[i], &value, &with.seconds);

      if (*names == NULL)
        continue;

      with.list = (const char * const *) names;
      with.value = value;

      return say (facts, PORCH_DOCTOR_RECORDS, get_record_code (facts, order[i]), &with);
    }

  return say (facts, PORCH_DOCTOR_RECORDS, "good", NULL);
}

static PorchDoctorVerdict *
judge_records (const PorchDoctorFacts *facts)
{
  PorchDoctorVerdict *verdict;
  gboolean is_issued = g_strcmp0 (facts->certificate, "ISSUED") == 0;
  gboolean has_wish = FALSE;

  for (guint i = 0; i < facts->wishes->len; i++)
    has_wish = has_wish || ((PorchDoctorWish *) g_ptr_array_index (facts->wishes, i))->purpose != PORCH_DOCTOR_SERVER;

  if (!facts->has_dns)
    verdict = say (facts, PORCH_DOCTOR_RECORDS, "offline", NULL);
  else if (!is_delegated (facts))
    verdict = say (facts, PORCH_DOCTOR_RECORDS, "waits", NULL);
  else if (!has_wish)
    verdict = say (facts, PORCH_DOCTOR_RECORDS, "not-planned", NULL);
  else
    verdict = judge_found_records (facts);

  add_findings (verdict, facts, FALSE);

  /* As the records themselves: without a proof the site works for a while. */
  if (verdict->state == PORCH_DOCTOR_WRONG && is_issued)
    {
      verdict->state = PORCH_DOCTOR_NOTICE;
      for (guint i = 0; i < verdict->findings->len; i++)
        if (((PorchDoctorFinding *) g_ptr_array_index (verdict->findings, i))->state == PORCH_DOCTOR_WRONG)
          verdict->state = PORCH_DOCTOR_WRONG;
    }

  return verdict;
}

/* Name servers */

static PorchDoctorVerdict *
judge_own_servers (const PorchDoctorFacts *facts)
{
  g_auto(GStrv) strangers = subtract (facts->delegated, facts->zone_servers);
  g_auto(GStrv) missing = subtract (facts->zone_servers, facts->delegated);
  g_auto(GStrv) remembered = subtract (facts->remembered, facts->zone_servers);
  Fill with = { .list = (const char * const *) strangers };

  if (!is_delegated (facts))
    return say (facts, PORCH_DOCTOR_DELEGATION, facts->is_signed ? "signed-first" : "wrong-servers", &with);

  if (facts->is_signed)
    return say (facts, PORCH_DOCTOR_DELEGATION, "signed", NULL);

  if (*strangers != NULL)
    return say (facts, PORCH_DOCTOR_DELEGATION, "partly-servers", &with);

  if (facts->service == PORCH_DOMAIN_SERVICE_BROKEN)
    return say (facts, PORCH_DOCTOR_DELEGATION, "zone-gone", NULL);

  if (*remembered != NULL)
    return say (facts, PORCH_DOCTOR_DELEGATION, "old-servers", &(Fill) { .seconds = MAX (facts->delegation_ttl, 1) });

  if (*missing != NULL)
    return say (facts, PORCH_DOCTOR_DELEGATION, "few-servers", &(Fill) { .list = (const char * const *) missing });

  return NULL;
}

static PorchDoctorVerdict *
judge_servers (const PorchDoctorFacts *facts)
{
  PorchDoctorVerdict *verdict = NULL;

  if (!facts->has_dns || facts->registration == PORCH_DOMAIN_REGISTRATION_UNKNOWN)
    return say (facts, PORCH_DOCTOR_DELEGATION, "offline", NULL);

  if (facts->registration == PORCH_DOMAIN_REGISTRATION_FREE)
    return say (facts, PORCH_DOCTOR_DELEGATION, !facts->is_bought ? "free" : facts->is_live ? "suspended" : "registering", NULL);

  if (*facts->delegated == NULL && facts->service == PORCH_DOMAIN_SERVICE_BROKEN && !facts->is_signed)
    return say (facts, PORCH_DOCTOR_DELEGATION, "silent", NULL);

  if (facts->is_in_account && *facts->zone_servers != NULL && (verdict = judge_own_servers (facts)) != NULL)
    return verdict;

  if (facts->service == PORCH_DOMAIN_SERVICE_BROKEN)
    return say (facts, PORCH_DOCTOR_DELEGATION, facts->is_signed ? "signature-broken" : "servers-broken",
                &(Fill) { .list = (const char * const *) facts->delegated });

  if (*facts->lame != NULL)
    return say (facts, PORCH_DOCTOR_DELEGATION, "partial", &(Fill) { .list = (const char * const *) facts->lame });

  return say (facts, PORCH_DOCTOR_DELEGATION, "good", NULL);
}

static PorchDoctorVerdict *
judge_delegation (const PorchDoctorFacts *facts)
{
  PorchDoctorVerdict *verdict = judge_servers (facts);

  add_findings (verdict, facts, TRUE);

  return verdict;
}

/* The certificate */

static char **
list_missing_proofs (const PorchDoctorFacts *facts)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();

  for (guint i = 0; i < facts->wishes->len; i++)
    {
      const PorchDoctorWish *wish = g_ptr_array_index (facts->wishes, i);

      if (wish->purpose == PORCH_DOCTOR_PROOF && wish->is_known && wish->status != PORCH_DNS_BROKEN && !has_any (wish->found, wish->value))
        g_strv_builder_add (builder, wish->name);
    }

  return g_strv_builder_end (builder);
}

static PorchDoctorVerdict *
judge_pending (const PorchDoctorFacts *facts,
               const Fill             *issuers)
{
  g_auto(GStrv) missing = list_missing_proofs (facts);
  g_autoptr(GDateTime) end = facts->requested != NULL ? g_date_time_add_seconds (facts->requested, PROOF_TIME) : NULL;
  PorchDoctorVerdict *verdict;

  if (facts->issue == PORCH_DOMAIN_ISSUE_FORBIDDEN)
    return say (facts, PORCH_DOCTOR_CERTIFICATE, "caa-forbids", issuers);

  if (facts->issue == PORCH_DOMAIN_ISSUE_BROKEN && facts->service != PORCH_DOMAIN_SERVICE_BROKEN && is_delegated (facts))
    return say (facts, PORCH_DOCTOR_CERTIFICATE, "caa-broken", NULL);

  if (*missing == NULL && is_delegated (facts))
    return say (facts, PORCH_DOCTOR_CERTIFICATE, "pending", NULL);

  verdict = say (facts, PORCH_DOCTOR_CERTIFICATE, "pending-proof", &(Fill) { .list = (const char * const *) missing, .date = end });
  verdict->until = end != NULL ? g_date_time_ref (end) : NULL;

  return verdict;
}

static PorchDoctorVerdict *
judge_failed (const PorchDoctorFacts *facts,
              const Fill             *issuers)
{
  if (g_strcmp0 (facts->failure, "CAA_ERROR") == 0)
    return say (facts, PORCH_DOCTOR_CERTIFICATE, facts->issue == PORCH_DOMAIN_ISSUE_FORBIDDEN ? "caa-forbids" : "caa-failed", issuers);

  if (g_strcmp0 (facts->failure, "ADDITIONAL_VERIFICATION_REQUIRED") == 0)
    return say (facts, PORCH_DOCTOR_CERTIFICATE, "needs-support", NULL);

  if (g_strcmp0 (facts->failure, "DOMAIN_NOT_ALLOWED") == 0)
    return say (facts, PORCH_DOCTOR_CERTIFICATE, "not-allowed", NULL);

  return say (facts, PORCH_DOCTOR_CERTIFICATE, "failed", &(Fill) { .value = facts->failure });
}

static PorchDoctorVerdict *
judge_issued (const PorchDoctorFacts *facts,
              const Fill             *issuers)
{
  g_auto(GStrv) missing = list_missing_proofs (facts);
  Fill with = { .list = (const char * const *) missing, .date = facts->expires };
  GTimeSpan left = facts->expires != NULL ? g_date_time_difference (facts->expires, facts->now) / G_USEC_PER_SEC : G_MAXINT64;

  if (*facts->uncovered != NULL)
    return say (facts, PORCH_DOCTOR_CERTIFICATE, "not-covering", &(Fill) { .list = (const char * const *) facts->uncovered });

  if (left <= 0)
    return say (facts, PORCH_DOCTOR_CERTIFICATE, "expired", &with);

  if (left < NEAR_END)
    return say (facts, PORCH_DOCTOR_CERTIFICATE, *missing != NULL ? "ending-proof-gone" : "ending", &with);

  if (*missing != NULL)
    return say (facts, PORCH_DOCTOR_CERTIFICATE, "proof-gone", &with);

  if (facts->issue == PORCH_DOMAIN_ISSUE_FORBIDDEN)
    return say (facts, PORCH_DOCTOR_CERTIFICATE, "caa-renewal",
                &(Fill) { .list = issuers->list, .value = issuers->value, .date = facts->expires });

  return say (facts, PORCH_DOCTOR_CERTIFICATE, "good", &with);
}

static PorchDoctorVerdict *
judge_certificate (const PorchDoctorFacts *facts)
{
  g_autofree char *shown = facts->issue_name != NULL ? porch_domain_name_show (facts->issue_name) : NULL;
  Fill issuers = { .list = (const char * const *) facts->issuers, .value = shown };

  if (facts->is_certificate_gone)
    return say (facts, PORCH_DOCTOR_CERTIFICATE, "gone", NULL);

  if (facts->has_certificate && facts->certificate == NULL)
    return say (facts, PORCH_DOCTOR_CERTIFICATE, "offline", NULL);

  if (!facts->has_certificate)
    return facts->issue == PORCH_DOMAIN_ISSUE_FORBIDDEN ? say (facts, PORCH_DOCTOR_CERTIFICATE, "caa-forbids", &issuers)
                                                        : say (facts, PORCH_DOCTOR_CERTIFICATE, "not-requested", NULL);

  if (g_str_equal (facts->certificate, "ISSUED"))
    return judge_issued (facts, &issuers);
  if (g_str_equal (facts->certificate, "PENDING_VALIDATION"))
    return judge_pending (facts, &issuers);
  if (g_str_equal (facts->certificate, "VALIDATION_TIMED_OUT"))
    return say (facts, PORCH_DOCTOR_CERTIFICATE, "timed-out", NULL);
  if (g_str_equal (facts->certificate, "REVOKED"))
    return say (facts, PORCH_DOCTOR_CERTIFICATE, "revoked", NULL);
  if (g_str_equal (facts->certificate, "EXPIRED"))
    return say (facts, PORCH_DOCTOR_CERTIFICATE, "expired", &(Fill) { .date = facts->expires });

  return judge_failed (facts, &issuers);
}

/* The connection */

static PorchDoctorVerdict *
judge_distribution (const PorchDoctorFacts *facts)
{
  const char *claimed[] = { facts->claimed_name, NULL };
  Fill with = { .list = (const char * const *) facts->missing_names };

  if (!facts->has_cloud)
    return say (facts, PORCH_DOCTOR_DISTRIBUTION, "offline", NULL);

  if (!facts->has_distribution)
    return say (facts, PORCH_DOCTOR_DISTRIBUTION, "gone", NULL);

  if (!facts->is_enabled)
    return say (facts, PORCH_DOCTOR_DISTRIBUTION, "off", NULL);

  if (facts->claim != PORCH_DOCTOR_CLAIM_NONE)
    return say (facts, PORCH_DOCTOR_DISTRIBUTION, facts->claim == PORCH_DOCTOR_CLAIM_HERE ? "claimed-here" : "claimed-elsewhere",
                &(Fill) { .list = claimed });

  if (*facts->missing_names != NULL && facts->is_live)
    return say (facts, PORCH_DOCTOR_DISTRIBUTION, "disconnected", &with);

  if (*facts->missing_names != NULL)
    return g_strcmp0 (facts->certificate, "ISSUED") == 0 ? say (facts, PORCH_DOCTOR_DISTRIBUTION, "not-connected", &with)
                                                         : say (facts, PORCH_DOCTOR_DISTRIBUTION, "waits", NULL);

  return say (facts, PORCH_DOCTOR_DISTRIBUTION, facts->is_deployed ? "good" : "deploying", NULL);
}

/* The visit */

static const char *
get_visit_code (const PorchDoctorVisit *visit)
{
  switch (visit->outcome)
    {
    case PORCH_DOCTOR_VISIT_NO_NAME:
      return "no-name";
    case PORCH_DOCTOR_VISIT_SILENT:
      return "silent";
    case PORCH_DOCTOR_VISIT_BAD_CERTIFICATE:
      return "bad-certificate";
    case PORCH_DOCTOR_VISIT_FOREIGN:
      return "foreign";
    case PORCH_DOCTOR_VISIT_REFUSED:
      return "refused";
    case PORCH_DOCTOR_VISIT_ERROR:
      return "error";
    case PORCH_DOCTOR_VISIT_EMPTY:
      return "empty";
    case PORCH_DOCTOR_VISIT_NOT_SENT_ON:
      return "not-sent-on";
    case PORCH_DOCTOR_VISIT_GOOD:
      return visit->seconds > SLOW_ANSWER ? "slow" : "good";
    case PORCH_DOCTOR_VISIT_UNKNOWN:
    default:
      return "waits";
    }
}

static PorchDoctorVerdict *
judge_visit (const PorchDoctorFacts *facts,
             const PorchDoctorVisit *visit)
{
  const char *list[] = { visit->name, NULL };
  const char *code = get_visit_code (visit);
  g_autofree char *value = NULL;

  if (g_str_equal (code, "slow"))
    value = g_strdup_printf ("%.0f", visit->seconds);
  else if (g_str_equal (code, "error"))
    value = g_strdup_printf ("%u", visit->status);
  else
    value = g_strdup (visit->detail);

  return say (facts, PORCH_DOCTOR_ANSWER, code, &(Fill) { .list = list, .value = value });
}

static PorchDoctorState
judge_part (const PorchDoctorFacts *facts,
            PorchDoctorPart         part)
{
  g_autoptr(PorchDoctorVerdict) verdict = porch_doctor_judge (facts, part);

  return verdict->state;
}

/* Neither name servers nor the account nor the site: it is this computer that reaches nobody. */
static gboolean
is_offline (const PorchDoctorFacts *facts)
{
  if (facts->has_cloud || (facts->has_dns && facts->registration != PORCH_DOMAIN_REGISTRATION_UNKNOWN))
    return FALSE;

  for (guint i = 0; i < facts->visits->len; i++)
    {
      PorchDoctorOutcome outcome = ((PorchDoctorVisit *) g_ptr_array_index (facts->visits, i))->outcome;

      if (outcome != PORCH_DOCTOR_VISIT_NO_NAME && outcome != PORCH_DOCTOR_VISIT_SILENT)
        return FALSE;
    }

  return TRUE;
}

/* While something before it is on its way, there is nothing to blame a failed visit for: it is told only once all the rest is
 * right. */
static PorchDoctorVerdict *
judge_answer (const PorchDoctorFacts *facts)
{
  g_autoptr(PorchDoctorVerdict) worst = NULL;

  for (guint i = 0; i < facts->visits->len; i++)
    {
      PorchDoctorVerdict *verdict = judge_visit (facts, g_ptr_array_index (facts->visits, i));

      if (worst == NULL || verdict->state > worst->state)
        {
          g_clear_pointer (&worst, porch_doctor_verdict_free);
          worst = verdict;
        }
      else
        {
          porch_doctor_verdict_free (verdict);
        }
    }

  if (worst == NULL)
    return say (facts, PORCH_DOCTOR_ANSWER, "waits", NULL);

  if (is_offline (facts))
    return say (facts, PORCH_DOCTOR_ANSWER, "offline", NULL);

  for (guint part = 0; worst->state == PORCH_DOCTOR_WRONG && part < PORCH_DOCTOR_ANSWER; part++)
    {
      PorchDoctorState state = judge_part (facts, part);

      if (!facts->is_live && (state == PORCH_DOCTOR_WAITING || state == PORCH_DOCTOR_WRONG))
        return say (facts, PORCH_DOCTOR_ANSWER, "waits", NULL);
    }

  return g_steal_pointer (&worst);
}

/* What is to be said about one step. A pure function of the facts. */
PorchDoctorVerdict *
porch_doctor_judge (const PorchDoctorFacts *facts,
                    PorchDoctorPart         part)
{
  switch (part)
    {
    case PORCH_DOCTOR_DELEGATION:
      return judge_delegation (facts);
    case PORCH_DOCTOR_RECORDS:
      return judge_records (facts);
    case PORCH_DOCTOR_CERTIFICATE:
      return judge_certificate (facts);
    case PORCH_DOCTOR_DISTRIBUTION:
      return judge_distribution (facts);
    case PORCH_DOCTOR_ANSWER:
    case PORCH_DOCTOR_N_STEPS:
    default:
      return judge_answer (facts);
    }
}

/* The state of the whole. What can't be looked at does not matter as long as visitors see the site. */
PorchDoctorState
porch_doctor_judge_whole (const PorchDoctorState *states)
{
  gboolean has[PORCH_DOCTOR_WRONG + 1] = { FALSE };
  gboolean is_seen = states[PORCH_DOCTOR_ANSWER] == PORCH_DOCTOR_GOOD || states[PORCH_DOCTOR_ANSWER] == PORCH_DOCTOR_NOTICE;

  for (guint i = 0; i < PORCH_DOCTOR_N_STEPS; i++)
    has[states[i]] = TRUE;

  if (has[PORCH_DOCTOR_WRONG])
    return PORCH_DOCTOR_WRONG;
  if (has[PORCH_DOCTOR_WAITING])
    return PORCH_DOCTOR_WAITING;
  if (has[PORCH_DOCTOR_UNKNOWN] && !is_seen)
    return PORCH_DOCTOR_UNKNOWN;

  return has[PORCH_DOCTOR_NOTICE] ? PORCH_DOCTOR_NOTICE : PORCH_DOCTOR_GOOD;
}
