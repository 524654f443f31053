/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-domain-doctor-private.h"

#include <string.h>

static void
wish_free (gpointer data)
{
  PorchDoctorWish *wish = data;

  g_free (wish->name);
  g_free (wish->type);
  g_free (wish->value);
  g_free (wish->doubled);
  g_strfreev (wish->found);
  g_strfreev (wish->old);
  g_free (wish);
}

static void
visit_free (gpointer data)
{
  PorchDoctorVisit *visit = data;

  g_free (visit->name);
  g_free (visit->detail);
  g_free (visit);
}

/* Nothing is known; lists are empty, never NULL. */
PorchDoctorFacts *
porch_doctor_facts_new (void)
{
  PorchDoctorFacts *facts = g_new0 (PorchDoctorFacts, 1);

  facts->now = g_date_time_new_now_utc ();
  facts->names = g_new0 (char *, 1);
  facts->issuers = g_new0 (char *, 1);
  facts->delegated = g_new0 (char *, 1);
  facts->lame = g_new0 (char *, 1);
  facts->remembered = g_new0 (char *, 1);
  facts->zone_servers = g_new0 (char *, 1);
  facts->site_addresses = g_new0 (char *, 1);
  facts->uncovered = g_new0 (char *, 1);
  facts->missing_names = g_new0 (char *, 1);
  facts->wishes = g_ptr_array_new_with_free_func (wish_free);
  facts->visits = g_ptr_array_new_with_free_func (visit_free);

  return facts;
}

void
porch_doctor_facts_free (PorchDoctorFacts *facts)
{
  g_clear_pointer (&facts->now, g_date_time_unref);
  g_clear_pointer (&facts->requested, g_date_time_unref);
  g_clear_pointer (&facts->expires, g_date_time_unref);
  g_clear_object (&facts->host);
  g_free (facts->name);
  g_free (facts->domain);
  g_free (facts->issue_name);
  g_free (facts->site_host);
  g_free (facts->certificate);
  g_free (facts->failure);
  g_free (facts->renewal);
  g_free (facts->claimed_name);
  g_strfreev (facts->names);
  g_strfreev (facts->issuers);
  g_strfreev (facts->delegated);
  g_strfreev (facts->lame);
  g_strfreev (facts->remembered);
  g_strfreev (facts->zone_servers);
  g_strfreev (facts->site_addresses);
  g_strfreev (facts->uncovered);
  g_strfreev (facts->missing_names);
  g_ptr_array_unref (facts->wishes);
  g_ptr_array_unref (facts->visits);
  g_free (facts);
}

PorchDoctorWish *
porch_doctor_facts_add_wish (PorchDoctorFacts   *facts,
                             PorchDoctorPurpose  purpose,
                             const char         *name,
                             const char         *type,
                             const char         *value)
{
  PorchDoctorWish *wish = g_new0 (PorchDoctorWish, 1);

  wish->purpose = purpose;
  wish->name = g_strdup (name);
  wish->type = g_strdup (type);
  wish->value = g_strdup (value);
  wish->found = g_new0 (char *, 1);
  wish->old = g_new0 (char *, 1);
  g_ptr_array_add (facts->wishes, wish);

  return wish;
}

PorchDoctorVisit *
porch_doctor_facts_add_visit (PorchDoctorFacts   *facts,
                              const char         *name,
                              PorchDoctorOutcome  outcome)
{
  PorchDoctorVisit *visit = g_new0 (PorchDoctorVisit, 1);

  visit->name = g_strdup (name);
  visit->outcome = outcome;
  g_ptr_array_add (facts->visits, visit);

  return visit;
}

PorchDoctorVisit *
porch_doctor_facts_find_visit (const PorchDoctorFacts *facts,
                               const char             *name)
{
  for (guint i = 0; i < facts->visits->len; i++)
    {
      PorchDoctorVisit *visit = g_ptr_array_index (facts->visits, i);

      if (g_str_equal (visit->name, name))
        return visit;
    }

  return NULL;
}

/* How a name leads to the site where the DNS is: any name by an alias, but the bare domain only by what the company has for
 * it. Where it has nothing, a second name can be sent on by the company. */
static void
add_pointer (PorchDoctorFacts *facts,
             const char       *name)
{
  const char *apex_type = facts->host != NULL ? porch_domain_host_get_apex_type (facts->host) : NULL;

  if (facts->is_in_account)
    porch_doctor_facts_add_wish (facts, PORCH_DOCTOR_POINTER, name, "A", facts->site_host);
  else if (!g_str_equal (name, facts->domain))
    porch_doctor_facts_add_wish (facts, PORCH_DOCTOR_POINTER, name, "CNAME", facts->site_host);
  else if (apex_type != NULL || g_str_equal (name, facts->name))
    porch_doctor_facts_add_wish (facts, PORCH_DOCTOR_POINTER, name, apex_type != NULL ? apex_type : "ALIAS", facts->site_host);
  else
    {
      g_autofree char *address = g_strdup_printf ("https://%s/", facts->name);

      porch_doctor_facts_add_wish (facts, PORCH_DOCTOR_FORWARD, name, "FORWARD", address);
    }
}

/* Writes down which records are wanted, besides the proofs, which the certificate tells. */
void
porch_doctor_facts_plan (PorchDoctorFacts *facts)
{
  for (guint i = 0; facts->is_in_account && facts->zone_servers[i] != NULL; i++)
    porch_doctor_facts_add_wish (facts, PORCH_DOCTOR_SERVER, facts->domain, "NS", facts->zone_servers[i]);

  for (guint i = 0; facts->site_host != NULL && facts->names[i] != NULL; i++)
    add_pointer (facts, facts->names[i]);
}
