/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "porch-domain-doctor-private.h"

#include <string.h>

/* Each thing that can be wrong with an own address, one row each: for what the doctor makes of it, and for how it looks. */

#define SITE "d111111abcdef8.cloudfront.net"

typedef void (*Change) (PorchDoctorFacts *facts);

static void
set_list (char       ***place,
          const char   *text)
{
  g_strfreev (*place);
  *place = g_strsplit (text, " ", -1);
}

static void
set_certificate_times (PorchDoctorFacts *facts,
                       int               days)
{
  g_clear_pointer (&facts->expires, g_date_time_unref);
  facts->expires = g_date_time_add_days (facts->now, days);
}

static PorchDoctorWish *
find_wish (PorchDoctorFacts   *facts,
           PorchDoctorPurpose  purpose)
{
  for (guint i = 0; i < facts->wishes->len; i++)
    {
      PorchDoctorWish *wish = g_ptr_array_index (facts->wishes, i);

      if (wish->purpose == purpose)
        return wish;
    }

  g_assert_not_reached ();
}

static void
set_wish (PorchDoctorFacts   *facts,
          PorchDoctorPurpose  purpose,
          PorchDnsStatus      status,
          const char         *found)
{
  PorchDoctorWish *wish = find_wish (facts, purpose);

  wish->status = status;
  set_list (&wish->found, found);
}

/* A visit that worked would prove that the name leads to the site. */
static void
clear_visits (PorchDoctorFacts *facts)
{
  for (guint i = 0; i < facts->visits->len; i++)
    ((PorchDoctorVisit *) g_ptr_array_index (facts->visits, i))->outcome = PORCH_DOCTOR_VISIT_UNKNOWN;
}

/* An address whose DNS is at GoDaddy; everything is right. */
static PorchDoctorFacts *
build_facts (void)
{
  PorchDoctorFacts *facts = porch_doctor_facts_new ();

  facts->host = porch_domain_host_get ("godaddy");
  facts->name = g_strdup ("www.example.org");
  facts->domain = g_strdup ("example.org");
  set_list (&facts->names, "www.example.org example.org");
  facts->is_live = TRUE;
  facts->has_dns = TRUE;
  facts->registration = PORCH_DOMAIN_REGISTRATION_TAKEN;
  facts->service = PORCH_DOMAIN_SERVICE_GOOD;
  facts->issue = PORCH_DOMAIN_ISSUE_ALLOWED;
  set_list (&facts->delegated, "ns1.domaincontrol.com ns2.domaincontrol.com");
  set_list (&facts->remembered, "ns1.domaincontrol.com ns2.domaincontrol.com");
  facts->delegation_ttl = 172800;
  facts->site_host = g_strdup (SITE);
  set_list (&facts->site_addresses, "192.0.2.10 2001:db8::10");
  facts->has_cloud = TRUE;
  facts->has_certificate = TRUE;
  facts->certificate = g_strdup ("ISSUED");
  facts->requested = g_date_time_add_days (facts->now, -3);
  set_certificate_times (facts, 150);
  facts->has_distribution = TRUE;
  facts->is_enabled = TRUE;
  facts->is_deployed = TRUE;
  porch_doctor_facts_add_wish (facts, PORCH_DOCTOR_PROOF, "_abc.www.example.org", "CNAME", "_def.acm-validations.aws");
  porch_doctor_facts_plan (facts);

  for (guint i = 0; i < facts->wishes->len; i++)
    {
      PorchDoctorWish *wish = g_ptr_array_index (facts->wishes, i);

      wish->is_known = TRUE;
      wish->status = PORCH_DNS_FOUND;
      set_list (&wish->found, wish->value);
    }

  for (guint i = 0; facts->names[i] != NULL; i++)
    porch_doctor_facts_add_visit (facts, facts->names[i], PORCH_DOCTOR_VISIT_GOOD)->seconds = 0.3;

  return facts;
}

/* The same with its DNS in the account */
static void
move (PorchDoctorFacts *facts)
{
  PorchDoctorWish *proof;

  facts->is_in_account = TRUE;
  set_list (&facts->zone_servers, "ns-1.awsdns-1.com ns-2.awsdns-2.net");
  set_list (&facts->delegated, "ns-1.awsdns-1.com ns-2.awsdns-2.net");
  set_list (&facts->remembered, "ns-1.awsdns-1.com ns-2.awsdns-2.net");
  g_clear_object (&facts->host);
  facts->host = porch_domain_host_get ("route53");
  proof = find_wish (facts, PORCH_DOCTOR_PROOF);
  proof->is_known = TRUE;
  g_ptr_array_set_size (facts->wishes, 1);
  porch_doctor_facts_plan (facts);

  for (guint i = 1; i < facts->wishes->len; i++)
    {
      PorchDoctorWish *wish = g_ptr_array_index (facts->wishes, i);

      wish->is_known = TRUE;
      wish->status = PORCH_DNS_FOUND;
      set_list (&wish->found, wish->purpose == PORCH_DOCTOR_SERVER ? wish->value : "192.0.2.10");
    }
}

static void
move_back (PorchDoctorFacts *facts)
{
  move (facts);
  set_list (&facts->delegated, "ns1.domaincontrol.com ns2.domaincontrol.com");
  g_clear_object (&facts->host);
  facts->host = porch_domain_host_get ("godaddy");
  facts->is_live = FALSE;
}

/* Being set up, with the certificate underway */
static void
begin (PorchDoctorFacts *facts)
{
  facts->is_live = FALSE;
  g_set_str (&facts->certificate, "PENDING_VALIDATION");
  set_list (&facts->missing_names, "www.example.org example.org");
  clear_visits (facts);
}

static void nothing (PorchDoctorFacts *facts) { }

static void offline (PorchDoctorFacts *facts) { facts->has_dns = FALSE; facts->has_cloud = FALSE; g_clear_pointer (&facts->certificate, g_free); }
static void registering (PorchDoctorFacts *facts) { move (facts); facts->is_bought = TRUE; facts->is_live = FALSE; facts->registration = PORCH_DOMAIN_REGISTRATION_FREE; }
static void suspended (PorchDoctorFacts *facts) { registering (facts); facts->is_live = TRUE; }
static void ran_out (PorchDoctorFacts *facts) { facts->registration = PORCH_DOMAIN_REGISTRATION_FREE; }
static void signed_first (PorchDoctorFacts *facts) { move_back (facts); facts->is_signed = TRUE; }
static void signed_left (PorchDoctorFacts *facts) { move (facts); facts->is_signed = TRUE; facts->service = PORCH_DOMAIN_SERVICE_BROKEN; }
static void signed_wrongly (PorchDoctorFacts *facts) { facts->is_signed = TRUE; facts->service = PORCH_DOMAIN_SERVICE_BROKEN; }
static void servers_broken (PorchDoctorFacts *facts) { facts->service = PORCH_DOMAIN_SERVICE_BROKEN; }
static void silence (PorchDoctorFacts *facts) { move (facts); facts->service = PORCH_DOMAIN_SERVICE_BROKEN; g_strfreev (facts->delegated); facts->delegated = g_new0 (char *, 1); }
static void zone_gone (PorchDoctorFacts *facts) { move (facts); facts->service = PORCH_DOMAIN_SERVICE_BROKEN; }
static void partly_moved (PorchDoctorFacts *facts) { move (facts); set_list (&facts->delegated, "ns-1.awsdns-1.com ns2.domaincontrol.com"); }
static void few_servers (PorchDoctorFacts *facts) { move (facts); set_list (&facts->delegated, "ns-1.awsdns-1.com"); set_list (&facts->remembered, "ns-1.awsdns-1.com"); }
static void old_servers (PorchDoctorFacts *facts) { move (facts); set_list (&facts->remembered, "ns1.domaincontrol.com"); facts->delegation_ttl = 7200; }
static void lame (PorchDoctorFacts *facts) { set_list (&facts->lame, "ns2.domaincontrol.com"); facts->service = PORCH_DOMAIN_SERVICE_PARTIAL; }

static void not_planned (PorchDoctorFacts *facts) { begin (facts); g_ptr_array_set_size (facts->wishes, 0); }
static void
take_away (PorchDoctorFacts   *facts,
           PorchDoctorPurpose  purpose)
{
  PorchDoctorWish *wish = find_wish (facts, purpose);

  g_strfreev (wish->found);
  wish->found = g_new0 (char *, 1);
  wish->status = PORCH_DNS_NO_NAME;
}

static void pointer_later (PorchDoctorFacts *facts) { begin (facts); take_away (facts, PORCH_DOCTOR_POINTER); }
static void parked_later (PorchDoctorFacts *facts) { begin (facts); set_wish (facts, PORCH_DOCTOR_POINTER, PORCH_DNS_FOUND, "192.0.2.80"); }
static void pointer_missing (PorchDoctorFacts *facts) { facts->is_live = FALSE; clear_visits (facts); take_away (facts, PORCH_DOCTOR_POINTER); }
static void pointer_writing (PorchDoctorFacts *facts) { move (facts); pointer_missing (facts); }
static void pointer_gone (PorchDoctorFacts *facts) { move (facts); clear_visits (facts); take_away (facts, PORCH_DOCTOR_POINTER); }
static void parked (PorchDoctorFacts *facts) { clear_visits (facts); set_wish (facts, PORCH_DOCTOR_POINTER, PORCH_DNS_FOUND, "192.0.2.80"); }
static void left_behind (PorchDoctorFacts *facts) { set_wish (facts, PORCH_DOCTOR_POINTER, PORCH_DNS_FOUND, "192.0.2.10 2001:db8::99"); }
static void parked_here (PorchDoctorFacts *facts) { move (facts); parked (facts); }
static void doubled (PorchDoctorFacts *facts) { pointer_missing (facts); find_wish (facts, PORCH_DOCTOR_POINTER)->doubled = g_strdup ("www.example.org.example.org"); }
static void silent (PorchDoctorFacts *facts) { pointer_missing (facts); find_wish (facts, PORCH_DOCTOR_POINTER)->status = PORCH_DNS_BROKEN; }
static void not_asked (PorchDoctorFacts *facts) { clear_visits (facts); find_wish (facts, PORCH_DOCTOR_POINTER)->is_known = FALSE; }

static void
remembered (PorchDoctorFacts *facts)
{
  PorchDoctorWish *wish = find_wish (facts, PORCH_DOCTOR_POINTER);

  clear_visits (facts);
  set_list (&wish->old, "192.0.2.80");
  wish->old_ttl = 3500;
}

static void not_requested (PorchDoctorFacts *facts) { begin (facts); facts->has_certificate = FALSE; g_clear_pointer (&facts->certificate, g_free); }
static void pending (PorchDoctorFacts *facts) { begin (facts); }
static void pending_proof (PorchDoctorFacts *facts) { begin (facts); take_away (facts, PORCH_DOCTOR_PROOF); }
static void forbid (PorchDoctorFacts *facts) { facts->issue = PORCH_DOMAIN_ISSUE_FORBIDDEN; set_list (&facts->issuers, "letsencrypt.org"); facts->issue_name = g_strdup ("example.org"); }
static void forbidden (PorchDoctorFacts *facts) { begin (facts); forbid (facts); }
static void forbidden_early (PorchDoctorFacts *facts) { not_requested (facts); forbid (facts); }
static void caa_broken (PorchDoctorFacts *facts) { begin (facts); facts->issue = PORCH_DOMAIN_ISSUE_BROKEN; }
static void fail_with (PorchDoctorFacts *facts, const char *reason) { begin (facts); g_set_str (&facts->certificate, "FAILED"); g_set_str (&facts->failure, reason); }
static void failed_caa (PorchDoctorFacts *facts) { fail_with (facts, "CAA_ERROR"); }
static void failed_caa_still (PorchDoctorFacts *facts) { failed_caa (facts); forbid (facts); }
static void failed_famous (PorchDoctorFacts *facts) { fail_with (facts, "ADDITIONAL_VERIFICATION_REQUIRED"); }
static void failed_blocked (PorchDoctorFacts *facts) { fail_with (facts, "DOMAIN_NOT_ALLOWED"); }
static void failed_other (PorchDoctorFacts *facts) { fail_with (facts, "OTHER"); }
static void timed_out (PorchDoctorFacts *facts) { begin (facts); g_set_str (&facts->certificate, "VALIDATION_TIMED_OUT"); }
static void revoked (PorchDoctorFacts *facts) { g_set_str (&facts->certificate, "REVOKED"); }
static void expired (PorchDoctorFacts *facts) { g_set_str (&facts->certificate, "EXPIRED"); set_certificate_times (facts, -1); }
static void just_ended (PorchDoctorFacts *facts) { set_certificate_times (facts, -1); }
static void certificate_gone (PorchDoctorFacts *facts) { facts->is_certificate_gone = TRUE; g_clear_pointer (&facts->certificate, g_free); }
static void not_covering (PorchDoctorFacts *facts) { set_list (&facts->uncovered, "example.org"); }
static void proof_gone (PorchDoctorFacts *facts) { take_away (facts, PORCH_DOCTOR_PROOF); }
static void ending (PorchDoctorFacts *facts) { set_certificate_times (facts, 20); }
static void ending_proof (PorchDoctorFacts *facts) { ending (facts); proof_gone (facts); }

static void distribution_gone (PorchDoctorFacts *facts) { facts->has_distribution = FALSE; }
static void switched_off (PorchDoctorFacts *facts) { facts->is_enabled = FALSE; }
static void connect_next (PorchDoctorFacts *facts) { begin (facts); g_set_str (&facts->certificate, "ISSUED"); }
static void claimed (PorchDoctorFacts *facts) { connect_next (facts); facts->claim = PORCH_DOCTOR_CLAIM_ELSEWHERE; facts->claimed_name = g_strdup ("www.example.org"); }
static void claimed_here (PorchDoctorFacts *facts) { claimed (facts); facts->claim = PORCH_DOCTOR_CLAIM_HERE; }
static void disconnected (PorchDoctorFacts *facts) { set_list (&facts->missing_names, "www.example.org"); }
static void deploying (PorchDoctorFacts *facts) { facts->is_deployed = FALSE; }

static void
visit (PorchDoctorFacts   *facts,
       PorchDoctorOutcome  outcome,
       const char         *detail)
{
  PorchDoctorVisit *first = g_ptr_array_index (facts->visits, 0);

  first->outcome = outcome;
  g_set_str (&first->detail, detail);
}

static void slow (PorchDoctorFacts *facts) { ((PorchDoctorVisit *) g_ptr_array_index (facts->visits, 0))->seconds = 8; }
static void empty (PorchDoctorFacts *facts) { visit (facts, PORCH_DOCTOR_VISIT_EMPTY, NULL); }
static void not_sent_on (PorchDoctorFacts *facts) { ((PorchDoctorVisit *) g_ptr_array_index (facts->visits, 1))->outcome = PORCH_DOCTOR_VISIT_NOT_SENT_ON; }
static void no_name (PorchDoctorFacts *facts) { visit (facts, PORCH_DOCTOR_VISIT_NO_NAME, "no such name"); }
static void no_answer (PorchDoctorFacts *facts) { visit (facts, PORCH_DOCTOR_VISIT_SILENT, "timed out"); }
static void away (PorchDoctorFacts *facts) { offline (facts); no_name (facts); ((PorchDoctorVisit *) g_ptr_array_index (facts->visits, 1))->outcome = PORCH_DOCTOR_VISIT_SILENT; }
static void bad_certificate (PorchDoctorFacts *facts) { visit (facts, PORCH_DOCTOR_VISIT_BAD_CERTIFICATE, NULL); }
static void lying (PorchDoctorFacts *facts) { visit (facts, PORCH_DOCTOR_VISIT_FOREIGN, "hotel-portal {name}"); }
static void refused (PorchDoctorFacts *facts) { visit (facts, PORCH_DOCTOR_VISIT_REFUSED, NULL); }
static void site_error (PorchDoctorFacts *facts) { visit (facts, PORCH_DOCTOR_VISIT_ERROR, NULL); ((PorchDoctorVisit *) g_ptr_array_index (facts->visits, 0))->status = 500; }
static void visited_too_early (PorchDoctorFacts *facts) { begin (facts); visit (facts, PORCH_DOCTOR_VISIT_FOREIGN, "parking"); }

static const struct
{
  const char       *name;
  Change            change;
  PorchDoctorPart   part;
  const char       *code;
  PorchDoctorState  state;
  const char       *says;    /* somewhere in its texts; or NULL */
} rows[] = {
  { "good", nothing, PORCH_DOCTOR_DELEGATION, "good", PORCH_DOCTOR_GOOD, "example.org" },
  { "moved", move, PORCH_DOCTOR_DELEGATION, "good", PORCH_DOCTOR_GOOD, NULL },
  { "offline", offline, PORCH_DOCTOR_DELEGATION, "offline", PORCH_DOCTOR_UNKNOWN, NULL },
  { "registering", registering, PORCH_DOCTOR_DELEGATION, "registering", PORCH_DOCTOR_WAITING, NULL },
  { "mail-not-confirmed", suspended, PORCH_DOCTOR_DELEGATION, "suspended", PORCH_DOCTOR_WRONG, "15 days" },
  { "ran-out", ran_out, PORCH_DOCTOR_DELEGATION, "free", PORCH_DOCTOR_WRONG, NULL },
  { "wrong-name-servers", move_back, PORCH_DOCTOR_DELEGATION, "wrong-servers", PORCH_DOCTOR_WRONG, "ns1.domaincontrol.com" },
  { "partly-moved", partly_moved, PORCH_DOCTOR_DELEGATION, "partly-servers", PORCH_DOCTOR_WRONG, "ns2.domaincontrol.com" },
  { "few-name-servers", few_servers, PORCH_DOCTOR_DELEGATION, "few-servers", PORCH_DOCTOR_NOTICE, "ns-2.awsdns-2.net" },
  { "old-name-servers-remembered", old_servers, PORCH_DOCTOR_DELEGATION, "old-servers", PORCH_DOCTOR_WAITING, "2 hours" },
  { "signed-before-move", signed_first, PORCH_DOCTOR_DELEGATION, "signed-first", PORCH_DOCTOR_WRONG, "DNSSEC" },
  { "dnssec-left-on", signed_left, PORCH_DOCTOR_DELEGATION, "signed", PORCH_DOCTOR_WRONG, "DNSSEC" },
  { "wrong-signature", signed_wrongly, PORCH_DOCTOR_DELEGATION, "signature-broken", PORCH_DOCTOR_WRONG, "GoDaddy" },
  { "servfail", servers_broken, PORCH_DOCTOR_DELEGATION, "servers-broken", PORCH_DOCTOR_WRONG, "GoDaddy" },
  { "silence", silence, PORCH_DOCTOR_DELEGATION, "silent", PORCH_DOCTOR_WRONG, NULL },
  { "zone-gone", zone_gone, PORCH_DOCTOR_DELEGATION, "zone-gone", PORCH_DOCTOR_WRONG, NULL },
  { "lame", lame, PORCH_DOCTOR_DELEGATION, "partial", PORCH_DOCTOR_NOTICE, "ns2.domaincontrol.com" },

  { "good", nothing, PORCH_DOCTOR_RECORDS, "good", PORCH_DOCTOR_GOOD, NULL },
  { "moved", move, PORCH_DOCTOR_RECORDS, "good", PORCH_DOCTOR_GOOD, NULL },
  { "offline", offline, PORCH_DOCTOR_RECORDS, "offline", PORCH_DOCTOR_UNKNOWN, NULL },
  { "one-not-asked", not_asked, PORCH_DOCTOR_RECORDS, "offline", PORCH_DOCTOR_UNKNOWN, NULL },
  { "before-the-move", move_back, PORCH_DOCTOR_RECORDS, "waits", PORCH_DOCTOR_UNKNOWN, NULL },
  { "nothing-planned", not_planned, PORCH_DOCTOR_RECORDS, "not-planned", PORCH_DOCTOR_WAITING, NULL },
  { "not-yet", pointer_later, PORCH_DOCTOR_RECORDS, "later", PORCH_DOCTOR_WAITING, "www.example.org" },
  { "old-page-until-then", parked_later, PORCH_DOCTOR_RECORDS, "later", PORCH_DOCTOR_WAITING, NULL },
  { "missing", pointer_missing, PORCH_DOCTOR_RECORDS, "missing", PORCH_DOCTOR_WRONG, "GoDaddy" },
  { "being-written", pointer_writing, PORCH_DOCTOR_RECORDS, "writing", PORCH_DOCTOR_WAITING, NULL },
  { "gone", pointer_gone, PORCH_DOCTOR_RECORDS, "gone", PORCH_DOCTOR_WRONG, "www.example.org" },
  { "record-exists", parked, PORCH_DOCTOR_RECORDS, "exists", PORCH_DOCTOR_WRONG, "192.0.2.80" },
  { "address-of-one-kind-left-behind", left_behind, PORCH_DOCTOR_RECORDS, "exists", PORCH_DOCTOR_WRONG, "“2001:db8::99” is there" },
  { "record-exists-in-account", parked_here, PORCH_DOCTOR_RECORDS, "exists-here", PORCH_DOCTOR_WRONG, "192.0.2.80" },
  { "domain-twice", doubled, PORCH_DOCTOR_RECORDS, "doubled", PORCH_DOCTOR_WRONG, "www.example.org.example.org" },
  { "old-answer-remembered", remembered, PORCH_DOCTOR_RECORDS, "old", PORCH_DOCTOR_WAITING, "59 minutes" },
  { "servfail", silent, PORCH_DOCTOR_RECORDS, "silent", PORCH_DOCTOR_WRONG, "GoDaddy" },
  { "proof-gone", proof_gone, PORCH_DOCTOR_RECORDS, "missing", PORCH_DOCTOR_NOTICE, "_abc.www.example.org" },

  { "good", nothing, PORCH_DOCTOR_CERTIFICATE, "good", PORCH_DOCTOR_GOOD, NULL },
  { "offline", offline, PORCH_DOCTOR_CERTIFICATE, "offline", PORCH_DOCTOR_UNKNOWN, NULL },
  { "not-requested", not_requested, PORCH_DOCTOR_CERTIFICATE, "not-requested", PORCH_DOCTOR_WAITING, NULL },
  { "pending", pending, PORCH_DOCTOR_CERTIFICATE, "pending", PORCH_DOCTOR_WAITING, NULL },
  { "pending-without-proof", pending_proof, PORCH_DOCTOR_CERTIFICATE, "pending-proof", PORCH_DOCTOR_WAITING, NULL },
  { "caa-forbids", forbidden, PORCH_DOCTOR_CERTIFICATE, "caa-forbids", PORCH_DOCTOR_WRONG, "0 issue \"amazon.com\"" },
  { "caa-forbids-early", forbidden_early, PORCH_DOCTOR_CERTIFICATE, "caa-forbids", PORCH_DOCTOR_WRONG, "letsencrypt.org" },
  { "caa-broken", caa_broken, PORCH_DOCTOR_CERTIFICATE, "caa-broken", PORCH_DOCTOR_WRONG, NULL },
  { "caa-forbade", failed_caa, PORCH_DOCTOR_CERTIFICATE, "caa-failed", PORCH_DOCTOR_WRONG, NULL },
  { "caa-forbids-still", failed_caa_still, PORCH_DOCTOR_CERTIFICATE, "caa-forbids", PORCH_DOCTOR_WRONG, NULL },
  { "famous", failed_famous, PORCH_DOCTOR_CERTIFICATE, "needs-support", PORCH_DOCTOR_WRONG, NULL },
  { "blocked", failed_blocked, PORCH_DOCTOR_CERTIFICATE, "not-allowed", PORCH_DOCTOR_WRONG, NULL },
  { "failed", failed_other, PORCH_DOCTOR_CERTIFICATE, "failed", PORCH_DOCTOR_WRONG, "OTHER" },
  { "timed-out", timed_out, PORCH_DOCTOR_CERTIFICATE, "timed-out", PORCH_DOCTOR_WRONG, NULL },
  { "revoked", revoked, PORCH_DOCTOR_CERTIFICATE, "revoked", PORCH_DOCTOR_WRONG, NULL },
  { "expired", expired, PORCH_DOCTOR_CERTIFICATE, "expired", PORCH_DOCTOR_WRONG, NULL },
  { "just-ended", just_ended, PORCH_DOCTOR_CERTIFICATE, "expired", PORCH_DOCTOR_WRONG, NULL },
  { "gone", certificate_gone, PORCH_DOCTOR_CERTIFICATE, "gone", PORCH_DOCTOR_WRONG, NULL },
  { "not-covering", not_covering, PORCH_DOCTOR_CERTIFICATE, "not-covering", PORCH_DOCTOR_WRONG, "example.org" },
  { "validation-record-gone", proof_gone, PORCH_DOCTOR_CERTIFICATE, "proof-gone", PORCH_DOCTOR_NOTICE, "_abc.www.example.org" },
  { "near-its-end", ending, PORCH_DOCTOR_CERTIFICATE, "ending", PORCH_DOCTOR_WRONG, NULL },
  { "near-its-end-and-proof-gone", ending_proof, PORCH_DOCTOR_CERTIFICATE, "ending-proof-gone", PORCH_DOCTOR_WRONG, "_abc.www.example.org" },
  { "caa-at-renewal", forbid, PORCH_DOCTOR_CERTIFICATE, "caa-renewal", PORCH_DOCTOR_NOTICE, "letsencrypt.org" },

  { "good", nothing, PORCH_DOCTOR_DISTRIBUTION, "good", PORCH_DOCTOR_GOOD, NULL },
  { "offline", offline, PORCH_DOCTOR_DISTRIBUTION, "offline", PORCH_DOCTOR_UNKNOWN, NULL },
  { "before-the-certificate", begin, PORCH_DOCTOR_DISTRIBUTION, "waits", PORCH_DOCTOR_UNKNOWN, NULL },
  { "gone", distribution_gone, PORCH_DOCTOR_DISTRIBUTION, "gone", PORCH_DOCTOR_WRONG, NULL },
  { "switched-off", switched_off, PORCH_DOCTOR_DISTRIBUTION, "off", PORCH_DOCTOR_WRONG, NULL },
  { "claimed-by-another-site", claimed_here, PORCH_DOCTOR_DISTRIBUTION, "claimed-here", PORCH_DOCTOR_WRONG, "www.example.org" },
  { "cname-already-exists", claimed, PORCH_DOCTOR_DISTRIBUTION, "claimed-elsewhere", PORCH_DOCTOR_WRONG, "www.example.org" },
  { "next", connect_next, PORCH_DOCTOR_DISTRIBUTION, "not-connected", PORCH_DOCTOR_WAITING, NULL },
  { "disconnected", disconnected, PORCH_DOCTOR_DISTRIBUTION, "disconnected", PORCH_DOCTOR_WRONG, "www.example.org" },
  { "deploying", deploying, PORCH_DOCTOR_DISTRIBUTION, "deploying", PORCH_DOCTOR_WAITING, NULL },

  { "good", nothing, PORCH_DOCTOR_ANSWER, "good", PORCH_DOCTOR_GOOD, "www.example.org" },
  { "offline", away, PORCH_DOCTOR_ANSWER, "offline", PORCH_DOCTOR_UNKNOWN, NULL },
  { "before-all", begin, PORCH_DOCTOR_ANSWER, "waits", PORCH_DOCTOR_UNKNOWN, NULL },
  { "too-early", visited_too_early, PORCH_DOCTOR_ANSWER, "waits", PORCH_DOCTOR_UNKNOWN, NULL },
  { "slow", slow, PORCH_DOCTOR_ANSWER, "slow", PORCH_DOCTOR_NOTICE, "8 seconds" },
  { "empty", empty, PORCH_DOCTOR_ANSWER, "empty", PORCH_DOCTOR_NOTICE, NULL },
  { "not-sent-on", not_sent_on, PORCH_DOCTOR_ANSWER, "not-sent-on", PORCH_DOCTOR_NOTICE, NULL },
  { "no-name", no_name, PORCH_DOCTOR_ANSWER, "no-name", PORCH_DOCTOR_WRONG, NULL },
  { "silent", no_answer, PORCH_DOCTOR_ANSWER, "silent", PORCH_DOCTOR_WRONG, "timed out" },
  { "bad-certificate", bad_certificate, PORCH_DOCTOR_ANSWER, "bad-certificate", PORCH_DOCTOR_WRONG, NULL },
  { "lying", lying, PORCH_DOCTOR_ANSWER, "foreign", PORCH_DOCTOR_WRONG, "hotel-portal {name}" },
  { "refused", refused, PORCH_DOCTOR_ANSWER, "refused", PORCH_DOCTOR_WRONG, NULL },
  { "error", site_error, PORCH_DOCTOR_ANSWER, "error", PORCH_DOCTOR_WRONG, "500" },
};
