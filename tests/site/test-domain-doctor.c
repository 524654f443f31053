/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* What the doctor makes of facts: each thing that can be wrong with an own address, one row each. */

#include "doctor-cases.h"
#include "test-util.h"

#include <string.h>

static char *
join_texts (PorchDoctorVerdict *verdict)
{
  return g_strconcat (verdict->sentence, " ", verdict->cause != NULL ? verdict->cause : "", " ", verdict->remedy != NULL ? verdict->remedy : "", NULL);
}

/* A sentence: it begins large or with a quote, ends with a full stop, and has nothing left to fill in. */
static void
check_sentence (const char *text,
                gboolean    has_foreign)
{
  gunichar first;

  if (text == NULL)
    return;

  first = g_utf8_get_char (text);
  g_assert_true (g_unichar_isupper (first) || first == 0x201c);
  g_assert_true (g_str_has_suffix (text, ".") || g_str_has_suffix (text, ".”"));
  g_assert_true (has_foreign || strpbrk (text, "{}") == NULL);
  g_assert_null (strstr (text, "“”"));
}

static void
test_row (gconstpointer data)
{
  const guint i = GPOINTER_TO_UINT (data);
  g_autoptr(PorchDoctorFacts) facts = build_facts ();
  g_autoptr(PorchDoctorVerdict) verdict = NULL;
  g_autofree char *texts = NULL;

  rows[i].change (facts);
  verdict = porch_doctor_judge (facts, rows[i].part);
  texts = join_texts (verdict);
  g_test_message ("%s", texts);

  g_assert_cmpstr (verdict->code, ==, rows[i].code);
  g_assert_cmpint (verdict->state, ==, rows[i].state);
  check_sentence (verdict->sentence, rows[i].change == lying);
  check_sentence (verdict->cause, FALSE);
  check_sentence (verdict->remedy, FALSE);
  g_assert_true (rows[i].says == NULL || strstr (texts, rows[i].says) != NULL);

  /* Whoever has to do something is told why and what. */
  if (verdict->state == PORCH_DOCTOR_WRONG)
    {
      g_assert_nonnull (verdict->cause);
      g_assert_nonnull (verdict->remedy);
    }
}

/* Nothing is said that no facts lead to. */
static void
test_all_reached (void)
{
  PorchDoctorPart part;
  const char *code;

  for (guint i = 0; (code = porch_doctor_get_code (i, &part)) != NULL; i++)
    {
      gboolean is_reached = FALSE;

      for (guint j = 0; j < G_N_ELEMENTS (rows) && !is_reached; j++)
        is_reached = rows[j].part == part && g_str_equal (rows[j].code, code);

      if (!is_reached)
        g_test_message ("%d %s is never reached", part, code);
      g_assert_true (is_reached);
    }
}

static void
test_waiting_ends (void)
{
  const struct { Change change; PorchDoctorPart part; int seconds; } cases[] = {
    { remembered, PORCH_DOCTOR_RECORDS, 3500 },
    { old_servers, PORCH_DOCTOR_DELEGATION, 7200 },
    { pending_proof, PORCH_DOCTOR_CERTIFICATE, 0 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(PorchDoctorFacts) facts = build_facts ();
      g_autoptr(PorchDoctorVerdict) verdict = NULL;

      cases[i].change (facts);
      verdict = porch_doctor_judge (facts, cases[i].part);
      g_assert_nonnull (verdict->until);
      g_assert_cmpint (g_date_time_difference (verdict->until, facts->now) / G_USEC_PER_SEC, ==, cases[i].seconds);
    }
}

static PorchDoctorFinding *
find_finding (PorchDoctorVerdict *verdict,
              const char         *name)
{
  for (guint i = 0; i < verdict->findings->len; i++)
    {
      PorchDoctorFinding *finding = g_ptr_array_index (verdict->findings, i);

      if (g_str_equal (finding->wish->name, name))
        return finding;
    }

  return NULL;
}

static void
test_records_to_enter (void)
{
  g_autoptr(PorchDoctorFacts) facts = build_facts ();
  g_autoptr(PorchDoctorVerdict) verdict = NULL;
  PorchDoctorFinding *finding;

  parked (facts);
  proof_gone (facts);
  verdict = porch_doctor_judge (facts, PORCH_DOCTOR_RECORDS);

  g_assert_cmpuint (verdict->findings->len, ==, 3);
  g_assert_nonnull (verdict->instructions);
  finding = find_finding (verdict, "www.example.org");
  g_assert_cmpstr (finding->code, ==, "other");
  g_assert_cmpstr (finding->found, ==, "192.0.2.80");
  g_assert_cmpstr (finding->wish->type, ==, "CNAME");
  g_assert_cmpstr (finding->wish->value, ==, SITE);
  finding = find_finding (verdict, "_abc.www.example.org");
  g_assert_cmpstr (finding->code, ==, "missing");
  g_assert_cmpint (finding->state, ==, PORCH_DOCTOR_NOTICE);

  /* GoDaddy has nothing for the bare domain, so it sends visitors on. */
  finding = find_finding (verdict, "example.org");
  g_assert_cmpstr (finding->wish->type, ==, "FORWARD");
  g_assert_cmpstr (finding->wish->value, ==, "https://www.example.org/");
}

static void
test_apex_by_host (void)
{
  const struct { const char *host; const char *type; } cases[] = {
    { "namecheap", "ALIAS" }, { "name.com", "ANAME" }, { "cloudflare", "CNAME" }, { "godaddy", "FORWARD" }, { "unknown", "FORWARD" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(PorchDoctorFacts) facts = build_facts ();
      PorchDoctorWish *wish;

      g_clear_object (&facts->host);
      facts->host = porch_domain_host_get (cases[i].host);
      g_ptr_array_set_size (facts->wishes, 0);
      porch_doctor_facts_plan (facts);
      wish = g_ptr_array_index (facts->wishes, 1);
      g_assert_cmpstr (wish->name, ==, "example.org");
      g_assert_cmpstr (wish->type, ==, cases[i].type);
    }
}

/* Addresses that differ from those of the site still lead to it if a visit says so: they change from place to place. */
static void
test_visit_proves_record (void)
{
  g_autoptr(PorchDoctorFacts) facts = build_facts ();
  g_autoptr(PorchDoctorVerdict) verdict = NULL;

  set_wish (facts, PORCH_DOCTOR_POINTER, PORCH_DNS_FOUND, "192.0.2.99");
  verdict = porch_doctor_judge (facts, PORCH_DOCTOR_RECORDS);
  g_assert_cmpstr (verdict->code, ==, "good");
}

static void
test_whole (void)
{
  const struct { PorchDoctorState states[PORCH_DOCTOR_N_STEPS]; PorchDoctorState whole; } cases[] = {
    { { PORCH_DOCTOR_GOOD, PORCH_DOCTOR_GOOD, PORCH_DOCTOR_GOOD, PORCH_DOCTOR_GOOD, PORCH_DOCTOR_GOOD }, PORCH_DOCTOR_GOOD },
    { { PORCH_DOCTOR_GOOD, PORCH_DOCTOR_WRONG, PORCH_DOCTOR_WAITING, PORCH_DOCTOR_UNKNOWN, PORCH_DOCTOR_UNKNOWN }, PORCH_DOCTOR_WRONG },
    { { PORCH_DOCTOR_GOOD, PORCH_DOCTOR_GOOD, PORCH_DOCTOR_WAITING, PORCH_DOCTOR_UNKNOWN, PORCH_DOCTOR_UNKNOWN }, PORCH_DOCTOR_WAITING },
    { { PORCH_DOCTOR_UNKNOWN, PORCH_DOCTOR_UNKNOWN, PORCH_DOCTOR_UNKNOWN, PORCH_DOCTOR_UNKNOWN, PORCH_DOCTOR_UNKNOWN }, PORCH_DOCTOR_UNKNOWN },
    { { PORCH_DOCTOR_GOOD, PORCH_DOCTOR_GOOD, PORCH_DOCTOR_UNKNOWN, PORCH_DOCTOR_UNKNOWN, PORCH_DOCTOR_GOOD }, PORCH_DOCTOR_GOOD },
    { { PORCH_DOCTOR_GOOD, PORCH_DOCTOR_NOTICE, PORCH_DOCTOR_NOTICE, PORCH_DOCTOR_GOOD, PORCH_DOCTOR_GOOD }, PORCH_DOCTOR_NOTICE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpint (porch_doctor_judge_whole (cases[i].states), ==, cases[i].whole);
}

static void
count_cb (gpointer user_data)
{
  (*(guint *) user_data)++;
}

/* Rows of a window stay; only what changed is told. */
static void
test_step_keeps_its_records (void)
{
  g_autoptr(PorchDoctorStep) step = porch_doctor_step_new (PORCH_DOCTOR_RECORDS);
  g_autoptr(PorchDoctorFacts) facts = build_facts ();
  g_autoptr(PorchDoctorFacts) later = build_facts ();
  g_autoptr(PorchDoctorVerdict) first = NULL;
  g_autoptr(PorchDoctorVerdict) second = NULL;
  g_autoptr(PorchDoctorRecord) before = NULL;
  g_autoptr(PorchDoctorRecord) after = NULL;
  guint n_states = 0;
  guint n_items = 0;

  parked (facts);
  first = porch_doctor_judge (facts, PORCH_DOCTOR_RECORDS);
  second = porch_doctor_judge (later, PORCH_DOCTOR_RECORDS);
  porch_doctor_step_take (step, first, "example.org");
  before = g_list_model_get_item (porch_doctor_step_get_records (step), 1);
  g_signal_connect_swapped (step, "notify::state", G_CALLBACK (count_cb), &n_states);
  g_signal_connect_swapped (porch_doctor_step_get_records (step), "items-changed", G_CALLBACK (count_cb), &n_items);

  g_assert_cmpstr (porch_doctor_record_get_short_name (before), ==, "www");
  g_assert_cmpstr (porch_doctor_record_get_found (before), ==, "192.0.2.80");
  g_assert_nonnull (strstr (porch_doctor_record_get_text (before), "192.0.2.80"));
  g_assert_nonnull (strstr (porch_doctor_step_get_description (step), porch_doctor_step_get_remedy (step)));
  g_assert_nonnull (porch_doctor_step_get_instructions (step));

  porch_doctor_step_take (step, second, "example.org");
  after = g_list_model_get_item (porch_doctor_step_get_records (step), 1);
  g_assert_true (before == after);
  g_assert_cmpint (porch_doctor_record_get_state (after), ==, PORCH_DOCTOR_GOOD);
  g_assert_null (porch_doctor_step_get_instructions (step));
  g_assert_cmpuint (n_states, ==, 1);
  g_assert_cmpuint (n_items, ==, 0);

  porch_doctor_step_take (step, second, "example.org");
  g_assert_cmpuint (n_states, ==, 1);
}

int
main (int   argc,
      char *argv[])
{
  static const char * const names[] = { "delegation", "records", "certificate", "distribution", "answer" };

  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *path = g_strdup_printf ("/site/domain-doctor/%s/%s", names[rows[i].part], rows[i].name);

      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_row);
    }

  g_test_add_func ("/site/domain-doctor/all-reached", test_all_reached);
  g_test_add_func ("/site/domain-doctor/waiting-ends", test_waiting_ends);
  g_test_add_func ("/site/domain-doctor/records-to-enter", test_records_to_enter);
  g_test_add_func ("/site/domain-doctor/apex-by-host", test_apex_by_host);
  g_test_add_func ("/site/domain-doctor/visit-proves-record", test_visit_proves_record);
  g_test_add_func ("/site/domain-doctor/whole", test_whole);
  g_test_add_func ("/site/domain-doctor/step-keeps-its-records", test_step_keeps_its_records);

  return g_test_run ();
}
