/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "user-util.h"

#include "porch-survey.h"

#include <math.h>
#include <string.h>

#include "test-util.h"

#define ZONES "/usr/share/zoneinfo/zone.tab"
#define NOTHING "{\"Version\": \"2012-10-17\", \"Statement\": {\"Effect\": \"Allow\", \"Action\": \"s3:GetObject\", \"Resource\": \"*\"}}"

static void
run (PorchSurvey *survey)
{
  g_autoptr(GError) error = NULL;
  DexFuture *future = porch_survey_run (survey);

  g_assert_true (porch_survey_is_running (survey));
  g_assert_cmpint (porch_survey_get_state (survey, PORCH_SURVEY_IDENTITY), ==, PORCH_SURVEY_ASKING);
  dex_await (future, &error);
  g_assert_no_error (error);
  g_assert_false (porch_survey_is_running (survey));
}

static PorchSurvey *
make (Cloud *cloud)
{
  return porch_survey_new (porch_engine_get_default_account (cloud->engine));
}

static void
assert_states (PorchSurvey      *survey,
               PorchSurveyState  identity,
               PorchSurveyState  plan,
               PorchSurveyState  regions,
               PorchSurveyState  permissions)
{
  const PorchSurveyState states[] = { identity, plan, regions, permissions };

  for (guint i = 0; i < G_N_ELEMENTS (states); i++)
    {
      g_assert_cmpint (porch_survey_get_state (survey, i), ==, states[i]);
      if (states[i] == PORCH_SURVEY_KNOWN)
        g_assert_null (porch_survey_get_problem (survey, i));
    }
}

static PorchRegion *
dup_region (PorchSurvey *survey,
            const char  *id)
{
  GListModel *regions = porch_survey_get_regions (survey);

  for (guint i = 0; i < g_list_model_get_n_items (regions); i++)
    {
      g_autoptr(PorchRegion) region = g_list_model_get_item (regions, i);

      g_assert_nonnull (porch_region_get_name (region));
      if (g_str_equal (porch_region_get_id (region), id))
        return g_steal_pointer (&region);
    }

  return NULL;
}

static gboolean
has_region (PorchSurvey *survey,
            const char  *id)
{
  g_autoptr(PorchRegion) region = dup_region (survey, id);

  return region != NULL;
}

static void
test_practice (void)
{
  g_autoptr(Cloud) cloud = cloud_new ();
  g_autoptr(PorchSurvey) survey = make (cloud);

  /* Before anybody was asked there is something to choose from */
  g_assert_true (has_region (survey, porch_survey_get_default_region (survey)));
  g_assert_false (has_region (survey, "eu-south-1"));

  run (survey);
  assert_states (survey, PORCH_SURVEY_KNOWN, PORCH_SURVEY_UNKNOWN, PORCH_SURVEY_KNOWN, PORCH_SURVEY_KNOWN);
  g_assert_cmpuint (strlen (porch_survey_get_number (survey)), ==, 12);
  g_assert_cmpstr (porch_survey_get_user (survey), ==, "practice");
  g_assert_cmpstr (porch_survey_get_alias (survey), ==, "Practice");
  g_assert_false (porch_survey_is_root (survey));
  g_assert_cmpint (porch_survey_get_plan (survey), ==, PORCH_ACCOUNT_PLAN_NONE);
  g_assert_null (porch_survey_get_plan_text (survey));
  g_assert_cmpfloat (porch_survey_get_credits (survey), <, 0);
  g_assert_cmpstr (porch_survey_get_default_region (survey), ==, "eu-central-1");
  g_assert_null (porch_survey_get_home_region (survey));
  g_assert_true (has_region (survey, "eu-south-1"));
  g_assert_cmpuint (porch_survey_get_n_missing (survey), ==, 0);
}

static void
count_cb (guint *n)
{
  ++*n;
}

static void
test_plans (void)
{
  g_autoptr(Cloud) cloud = cloud_new ();
  g_autoptr(PorchSurvey) survey = make (cloud);
  g_autoptr(GDateTime) end = g_date_time_new_from_iso8601 ("2027-02-01T00:00:00Z", NULL);
  guint n_plan = 0;

  g_signal_connect_swapped (survey, "notify::plan", G_CALLBACK (count_cb), &n_plan);
  user_play_account (cloud, "{\"plan\": \"FREE\", \"credits\": 87.5, \"planEnds\": \"2027-02-01T00:00:00Z\"}");
  run (survey);
  g_assert_cmpint (porch_survey_get_state (survey, PORCH_SURVEY_PLAN), ==, PORCH_SURVEY_KNOWN);
  g_assert_cmpint (porch_survey_get_plan (survey), ==, PORCH_ACCOUNT_PLAN_FREE);
  g_assert_true (g_date_time_equal (porch_survey_get_plan_end (survey), end));
  g_assert_cmpfloat (porch_survey_get_credits (survey), ==, 87.5);
  g_assert_cmpstr (porch_survey_get_currency (survey), ==, "USD");
  g_assert_nonnull (strstr (porch_survey_get_plan_text (survey), "87.50 USD"));
  g_assert_cmpuint (n_plan, ==, 1);

  user_play_account (cloud, "{\"plan\": \"FREE\", \"planStatus\": \"EXPIRED\"}");
  run (survey);
  g_assert_nonnull (strstr (porch_survey_get_plan_text (survey), "has ended"));
  g_assert_null (porch_survey_get_plan_end (survey));
  g_assert_cmpfloat (porch_survey_get_credits (survey), <, 0);

  user_play_account (cloud, "{\"plan\": \"PAID\"}");
  run (survey);
  g_assert_cmpint (porch_survey_get_plan (survey), ==, PORCH_ACCOUNT_PLAN_PAID);
  g_assert_nonnull (porch_survey_get_plan_text (survey));
}

/* An account that is tied to one region */
static void
test_home_region (void)
{
  static const char * const homes[] = { "us-east-2", "eu-north-1", "ap-southeast-2" };
  g_autoptr(Cloud) cloud = cloud_new ();
  g_autoptr(PorchSurvey) survey = make (cloud);

  for (guint i = 0; i < G_N_ELEMENTS (homes); i++)
    {
      g_autofree char *json = g_strdup_printf ("{\"homeRegion\": \"%s\"}", homes[i]);

      user_play_account (cloud, json);
      run (survey);
      g_assert_cmpint (porch_survey_get_state (survey, PORCH_SURVEY_REGIONS), ==, PORCH_SURVEY_KNOWN);
      g_assert_cmpstr (porch_survey_get_home_region (survey), ==, homes[i]);
      g_assert_cmpstr (porch_survey_get_default_region (survey), ==, homes[i]);
      g_assert_cmpuint (g_list_model_get_n_items (porch_survey_get_regions (survey)), ==, 1);
      /* What may be done is asked for that region */
      g_assert_cmpint (porch_survey_get_state (survey, PORCH_SURVEY_PERMISSIONS), ==, PORCH_SURVEY_KNOWN);
      g_assert_cmpuint (porch_survey_get_n_missing (survey), ==, 0);
    }

  /* A rule that leaves one region that is no home is a company's, and the region can be used all the same */
  user_play_account (cloud, "{\"homeRegion\": \"eu-central-1\"}");
  run (survey);
  g_assert_null (porch_survey_get_home_region (survey));
  g_assert_cmpstr (porch_survey_get_default_region (survey), ==, "eu-central-1");

  user_play_account (cloud, "{}");
  run (survey);
  g_assert_null (porch_survey_get_home_region (survey));
  g_assert_cmpuint (g_list_model_get_n_items (porch_survey_get_regions (survey)), >, 20);
}

static void
test_regions_switched_off (void)
{
  g_autoptr(Cloud) cloud = cloud_new ();
  g_autoptr(PorchSurvey) survey = make (cloud);
  g_autoptr(PorchRegion) selected = dup_region (survey, "eu-central-1");
  g_autoptr(PorchRegion) after = NULL;

  user_play_account (cloud, "{\"disabledRegions\": [\"eu-south-1\", \"af-south-1\"]}");
  run (survey);

  /* Whoever has selected a region keeps it, and does not get its neighbour */
  after = dup_region (survey, "eu-central-1");
  g_assert_true (after == selected);

  g_assert_false (has_region (survey, "eu-south-1"));
  g_assert_false (has_region (survey, "af-south-1"));
  g_assert_true (has_region (survey, "eu-south-2"));
}

static void
test_name (void)
{
  g_autoptr(Cloud) cloud = cloud_new ();
  g_autoptr(PorchSurvey) survey = make (cloud);

  user_play_account (cloud, "{\"name\": \"Anna's account\"}");
  run (survey);
  g_assert_cmpstr (porch_survey_get_alias (survey), ==, "Anna's account");

  g_free (user_call_iam (cloud, "CreateAccountAlias", NULL, "AccountAlias", "annas-bakery", NULL));
  run (survey);
  g_assert_cmpstr (porch_survey_get_alias (survey), ==, "annas-bakery");
}

/* Each part fails without harm to the others */
static void
test_nothing_allowed (void)
{
  g_autoptr(Cloud) cloud = cloud_new ();
  g_autoptr(PorchSurvey) survey = make (cloud);
  g_autofree char *arn = user_make (cloud, "nobody", NOTHING);

  user_become (cloud, "nobody");
  run (survey);
  assert_states (survey, PORCH_SURVEY_KNOWN, PORCH_SURVEY_UNKNOWN, PORCH_SURVEY_UNKNOWN, PORCH_SURVEY_UNKNOWN);
  g_assert_cmpstr (porch_survey_get_user (survey), ==, "nobody");
  g_assert_cmpstr (porch_survey_get_arn (survey), ==, arn);
  g_assert_nonnull (porch_survey_get_problem (survey, PORCH_SURVEY_PERMISSIONS));
  g_assert_null (porch_survey_get_alias (survey));
  g_assert_cmpuint (porch_survey_get_n_missing (survey), ==, 0);
  g_assert_true (has_region (survey, porch_survey_get_default_region (survey)));
}

static void
test_too_little (void)
{
  g_autoptr(Cloud) cloud = cloud_new ();
  g_autoptr(PorchSurvey) survey = make (cloud);
  g_autofree char *arn = user_make (cloud, "reader",
                                    "{\"Version\": \"2012-10-17\", \"Statement\": {\"Effect\": \"Allow\", \"Action\": "
                                    "[\"iam:SimulatePrincipalPolicy\", \"account:ListRegions\", \"s3:*\"], \"Resource\": \"*\"}}");

  user_become (cloud, "reader");
  run (survey);
  assert_states (survey, PORCH_SURVEY_KNOWN, PORCH_SURVEY_UNKNOWN, PORCH_SURVEY_KNOWN, PORCH_SURVEY_KNOWN);
  g_assert_cmpuint (porch_survey_get_n_missing (survey), ==, 7);
  g_assert_nonnull (arn);
}

static void
test_wrong_keys (void)
{
  g_autoptr(Cloud) cloud = cloud_new ();
  g_autoptr(PorchSurvey) survey = make (cloud);

  porch_engine_set_practice_endpoint (cloud->engine, porch_practice_get_endpoint (cloud->practice), "AKIAIOSFODNN7EXAMPLE",
                                      "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "eu-central-1", NULL);
  run (survey);
  assert_states (survey, PORCH_SURVEY_UNKNOWN, PORCH_SURVEY_UNKNOWN, PORCH_SURVEY_UNKNOWN, PORCH_SURVEY_UNKNOWN);
  g_assert_nonnull (porch_survey_get_problem (survey, PORCH_SURVEY_IDENTITY));
  g_assert_null (porch_survey_get_number (survey));
  g_assert_nonnull (porch_survey_get_default_region (survey));
}

static void
test_dropped (void)
{
  g_autoptr(Cloud) cloud = cloud_new ();
  g_autoptr(PorchSurvey) survey = make (cloud);
  DexFuture *future = porch_survey_run (survey);

  dex_clear (&future);

  /* What was underway comes to its end by itself */
  while (porch_survey_is_running (survey))
    dex_await (dex_timeout_new_msec (10), NULL);

  run (survey);
  g_assert_cmpint (porch_survey_get_state (survey, PORCH_SURVEY_IDENTITY), ==, PORCH_SURVEY_KNOWN);
}

/* ---- time zones ---- */

static void
test_zones (void)
{
  static const struct
  {
    const char *zone;
    const char *region;
  } cases[] = {
    { "Europe/Berlin", "eu-central-1" },
    { "Europe/London", "eu-west-2" },
    { "Europe/Dublin", "eu-west-1" },
    { "Europe/Stockholm", "eu-north-1" },
    { "Europe/Kiev", "eu-north-1" },
    { "Europe/Madrid", "eu-west-3" },
    { "America/New_York", "us-east-1" },
    { "America/Chicago", "us-east-2" },
    { "America/Los_Angeles", "us-west-2" },
    { "America/Toronto", "ca-central-1" },
    { "America/Sao_Paulo", "sa-east-1" },
    { "America/Argentina/Buenos_Aires", "sa-east-1" },
    { "America/Indiana/Indianapolis", "us-east-2" },
    { "Asia/Kolkata", "ap-south-1" },
    { "Asia/Calcutta", "ap-south-1" },
    { "Asia/Tokyo", "ap-northeast-1" },
    { "Asia/Seoul", "ap-northeast-2" },
    { "Asia/Singapore", "ap-southeast-1" },
    { "Australia/Sydney", "ap-southeast-2" },
    { "Pacific/Auckland", "ap-southeast-2" },
    { "Africa/Lagos", "eu-west-3" },
    { "US/Eastern", "us-east-1" },
    /* What is not known must not be a part of something else */
    { "Europe", "eu-central-1" },
    { "UTC", "eu-central-1" },
    { "", "eu-central-1" },
    { "Europe/Ber", "eu-central-1" },
    { "America/New", "sa-east-1" },
    { "Asia/Tokyo Asia/Seoul", "eu-central-1" },
    { "/", "eu-central-1" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpstr (porch_survey_find_nearest_region (cases[i].zone), ==, cases[i].region);

  g_assert_nonnull (porch_survey_find_nearest_region (NULL));
}

static const struct
{
  const char *id;
  double      latitude;
  double      longitude;
} places[] = {
  { "us-east-1", 39, -77.5 }, { "us-east-2", 40, -83 }, { "us-west-1", 37.4, -122 }, { "us-west-2", 45.8, -119.7 },
  { "ca-central-1", 45.5, -73.6 }, { "sa-east-1", -23.5, -46.6 }, { "eu-central-1", 50.1, 8.7 }, { "eu-west-1", 53.3, -6.3 },
  { "eu-west-2", 51.5, -0.1 }, { "eu-west-3", 48.9, 2.4 }, { "eu-north-1", 59.3, 18.1 }, { "ap-south-1", 19.1, 72.9 },
  { "ap-northeast-1", 35.7, 139.7 }, { "ap-northeast-2", 37.6, 127 }, { "ap-northeast-3", 34.7, 135.5 },
  { "ap-southeast-1", 1.4, 103.8 }, { "ap-southeast-2", -33.9, 151.2 },
};

static double
measure (double a_latitude,
         double a_longitude,
         guint  place)
{
  double r = G_PI / 180;
  double cosine = sin (a_latitude * r) * sin (places[place].latitude * r) +
                  cos (a_latitude * r) * cos (places[place].latitude * r) * cos ((a_longitude - places[place].longitude) * r);

  return 6371 * acos (CLAMP (cosine, -1, 1));
}

/* +DDMM[SS], +DDDMM[SS] */
static double
read_angle (const char **text,
            guint        digits)
{
  double sign = **text == '-' ? -1 : 1;
  double parts[3] = { 0, };
  guint n = 0;

  ++*text;
  for (guint width = digits; g_ascii_isdigit (**text) && n < 3; width = 2)
    {
      g_autofree char *part = g_strndup (*text, width);

      parts[n++] = g_ascii_strtod (part, NULL);
      *text += width;
    }

  return sign * (parts[0] + parts[1] / 60 + parts[2] / 3600);
}

/* Every zone of the world's own list, against the places of the regions */
static void
test_all_zones (void)
{
  g_autofree char *text = NULL;
  g_auto(GStrv) lines = NULL;
  guint n = 0;

  if (!g_file_get_contents (ZONES, &text, NULL, NULL))
    {
      g_test_skip ("There is no list of time zones.");
      return;
    }

  lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    {
      g_auto(GStrv) fields = lines[i][0] == '#' ? NULL : g_strsplit (lines[i], "\t", 4);
      const char *place = fields != NULL && g_strv_length (fields) >= 3 ? fields[1] : NULL;
      double latitude, longitude, nearest = G_MAXDOUBLE, chosen = -1;
      const char *region;

      if (place == NULL)
        continue;

      latitude = read_angle (&place, 2);
      longitude = read_angle (&place, 3);
      region = porch_survey_find_nearest_region (fields[2]);
      for (guint j = 0; j < G_N_ELEMENTS (places); j++)
        {
          double distance = measure (latitude, longitude, j);

          nearest = MIN (nearest, distance);
          if (g_str_equal (places[j].id, region))
            chosen = distance;
        }

      n++;
      g_assert_cmpfloat (chosen, >=, 0);
      /* Cables do not run straight from the south of Africa to India, and nobody lives in the Antarctic */
      if (g_str_has_prefix (fields[2], "Africa/") || g_str_has_prefix (fields[2], "Antarctica/"))
        continue;
      if (chosen > nearest + 1000)
        g_error ("%s: %s is %.0f km away, another %.0f km", fields[2], region, chosen, nearest);
    }

  g_assert_cmpuint (n, >, 300);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  dex_init ();

  test_add_fiber ("/site/survey/practice", test_practice);
  test_add_fiber ("/site/survey/plans", test_plans);
  test_add_fiber ("/site/survey/home-region", test_home_region);
  test_add_fiber ("/site/survey/regions-switched-off", test_regions_switched_off);
  test_add_fiber ("/site/survey/name", test_name);
  test_add_fiber ("/site/survey/nothing-allowed", test_nothing_allowed);
  test_add_fiber ("/site/survey/too-little", test_too_little);
  test_add_fiber ("/site/survey/wrong-keys", test_wrong_keys);
  test_add_fiber ("/site/survey/dropped", test_dropped);
  g_test_add_func ("/site/survey/zones", test_zones);
  g_test_add_func ("/site/survey/all-zones", test_all_zones);

  return g_test_run ();
}
