/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "porch-cost.h"
#include "porch-error.h"
#include "porch-stack-changes.h"
#include "porch-stack-progress.h"
#include "porch-survey.h"

#include "aws-document.h"
#include "aws-json.h"

#include <math.h>
#include <string.h>

#include "cloud-util.h"
#include "test-util.h"

/* Three parts: the distribution needs the bucket, the policy needs both */
#define RESOURCES \
  "{\"Bucket\": {\"Type\": \"AWS::S3::Bucket\"}," \
  " \"Distribution\": {\"Type\": \"AWS::CloudFront::Distribution\", \"Properties\": {\"Origin\": {\"Fn::GetAtt\": [\"Bucket\", \"Arn\"]}}}," \
  " \"BucketPolicy\": {\"Type\": \"AWS::S3::BucketPolicy\", \"Properties\": {\"Bucket\": {\"Ref\": \"Bucket\"}," \
  "   \"Source\": {\"Fn::Sub\": \"arn:${AWS::Partition}:x/${Distribution}\"}}}}"

static JsonObject *
parse (const char *text)
{
  g_autoptr(GBytes) bytes = g_bytes_new (text, strlen (text));
  JsonObject *object = aws_json_load_object (bytes, NULL);

  g_assert_nonnull (object);

  return object;
}

/* Seconds after the beginning, as the service writes times */
static gint64
at (int seconds)
{
  return G_GINT64_CONSTANT (1700000000) * G_USEC_PER_SEC + (gint64) seconds * G_USEC_PER_SEC;
}

static void
happen (PorchStackProgress *progress,
        const char         *id,
        const char         *type,
        const char         *status,
        int                 seconds)
{
  g_autoptr(GDateTime) time = g_date_time_new_from_unix_utc_usec (at (seconds));
  g_autofree char *text = g_date_time_format_iso8601 (time);
  JsonObject *json = json_object_new ();
  g_autoptr(AwsStackEvent) event = NULL;

  json_object_set_string_member (json, "EventId", id);
  json_object_set_string_member (json, "LogicalResourceId", id);
  json_object_set_string_member (json, "ResourceType", type);
  json_object_set_string_member (json, "ResourceStatus", status);
  json_object_set_string_member (json, "Timestamp", text);
  event = aws_document_new (json);
  json_object_unref (json);
  porch_stack_progress_take (progress, event);
}

static PorchStackProgress *
expect_site (JsonObject *times)
{
  g_autoptr(JsonObject) resources = parse (RESOURCES);
  PorchStackProgress *progress = porch_stack_progress_new (resources, times, 1);

  porch_stack_progress_expect (progress, "Bucket", "AWS::S3::Bucket", "Add");
  porch_stack_progress_expect (progress, "Distribution", "AWS::CloudFront::Distribution", "Add");
  porch_stack_progress_expect (progress, "BucketPolicy", "AWS::S3::BucketPolicy", "Add");
  porch_stack_progress_begin (progress, at (0));

  return progress;
}

static void
test_progress_one_after_the_other (void)
{
  g_autoptr(PorchStackProgress) progress = expect_site (NULL);
  gboolean is_removed;

  /* 20 for the bucket, then 240, then 15: what waits for another adds up */
  g_assert_cmpint (porch_stack_progress_get_remaining (progress, at (0)), ==, 275);
  g_assert_cmpfloat (porch_stack_progress_get_fraction (progress, at (0)), ==, 0);
  g_assert_null (porch_stack_progress_get_work (progress, at (0), &is_removed));

  happen (progress, "Bucket", "AWS::S3::Bucket", "CREATE_IN_PROGRESS", 1);
  g_assert_cmpstr (porch_stack_progress_get_work (progress, at (2), &is_removed), ==, "AWS::S3::Bucket");
  g_assert_false (is_removed);
  happen (progress, "Bucket", "AWS::S3::Bucket", "CREATE_COMPLETE", 20);
  happen (progress, "Distribution", "AWS::CloudFront::Distribution", "CREATE_IN_PROGRESS", 20);
  g_assert_cmpint (porch_stack_progress_get_remaining (progress, at (140)), ==, 135);
  g_assert_cmpfloat_with_epsilon (porch_stack_progress_get_fraction (progress, at (140)), 140.0 / 275, 0.01);

  happen (progress, "Distribution", "AWS::CloudFront::Distribution", "CREATE_COMPLETE", 260);
  happen (progress, "BucketPolicy", "AWS::S3::BucketPolicy", "CREATE_IN_PROGRESS", 260);
  g_assert_cmpint (porch_stack_progress_get_remaining (progress, at (265)), ==, 10);
  happen (progress, "BucketPolicy", "AWS::S3::BucketPolicy", "CREATE_COMPLETE", 270);
  g_assert_cmpint (porch_stack_progress_get_remaining (progress, at (270)), ==, 0);
  g_assert_cmpfloat (porch_stack_progress_get_fraction (progress, at (270)), <, 1);
}

/* Whatever takes longer than thought: the bar never goes back, and the time that is left is told anew only when it matters */
static void
test_progress_never_falls (void)
{
  g_autoptr(PorchStackProgress) progress = expect_site (NULL);
  double before = 0;
  int told = G_MAXINT;

  happen (progress, "Bucket", "AWS::S3::Bucket", "CREATE_IN_PROGRESS", 1);
  happen (progress, "Bucket", "AWS::S3::Bucket", "CREATE_COMPLETE", 20);
  happen (progress, "Distribution", "AWS::CloudFront::Distribution", "CREATE_IN_PROGRESS", 20);

  for (int second = 20; second < 1200; second += 5)
    {
      double fraction = porch_stack_progress_get_fraction (progress, at (second));
      int remaining = porch_stack_progress_get_remaining (progress, at (second));

      g_assert_cmpfloat (fraction, >=, before);
      g_assert_cmpfloat (fraction, <, 1);
      g_assert_true (remaining <= told || remaining > told + 45);
      g_assert_cmpint (remaining, >, 0);
      before = fraction;
      told = remaining;
    }
}

/* Parts that are removed go before what they need */
static void
test_progress_backwards (void)
{
  g_autoptr(JsonObject) resources = parse (RESOURCES);
  g_autoptr(PorchStackProgress) progress = porch_stack_progress_new (resources, NULL, 1);
  gboolean is_removed;

  porch_stack_progress_expect (progress, "Bucket", "AWS::S3::Bucket", "Remove");
  porch_stack_progress_expect (progress, "Distribution", "AWS::CloudFront::Distribution", "Remove");
  porch_stack_progress_expect (progress, "BucketPolicy", "AWS::S3::BucketPolicy", "Remove");
  porch_stack_progress_begin (progress, at (0));
  g_assert_cmpint (porch_stack_progress_get_remaining (progress, at (0)), ==, 5 + 300 + 5);

  happen (progress, "Bucket", "AWS::S3::Bucket", "DELETE_SKIPPED", 1);
  happen (progress, "BucketPolicy", "AWS::S3::BucketPolicy", "DELETE_IN_PROGRESS", 1);
  happen (progress, "BucketPolicy", "AWS::S3::BucketPolicy", "DELETE_COMPLETE", 2);
  happen (progress, "Distribution", "AWS::CloudFront::Distribution", "DELETE_IN_PROGRESS", 2);
  g_assert_cmpint (porch_stack_progress_get_remaining (progress, at (2)), ==, 300);
  g_assert_cmpstr (porch_stack_progress_get_work (progress, at (3), &is_removed), ==, "AWS::CloudFront::Distribution");
  g_assert_true (is_removed);
}

/* The second run of an account knows how long the first one took; a third knows of both */
static void
test_progress_learns (void)
{
  g_autoptr(PorchStackProgress) first = expect_site (NULL);
  g_autoptr(PorchStackProgress) second = NULL;
  g_autoptr(JsonObject) times = NULL;
  g_autoptr(JsonObject) more = NULL;

  happen (first, "Bucket", "AWS::S3::Bucket", "CREATE_IN_PROGRESS", 0);
  happen (first, "Bucket", "AWS::S3::Bucket", "CREATE_COMPLETE", 4);
  happen (first, "Distribution", "AWS::CloudFront::Distribution", "CREATE_IN_PROGRESS", 4);
  happen (first, "Distribution", "AWS::CloudFront::Distribution", "CREATE_COMPLETE", 104);
  times = porch_stack_progress_dup_times (first);
  g_assert_cmpfloat (json_object_get_double_member (times, "AWS::CloudFront::Distribution Add"), ==, 100);
  g_assert_false (json_object_has_member (times, "AWS::S3::BucketPolicy Add"));

  second = expect_site (times);
  g_assert_cmpint (porch_stack_progress_get_remaining (second, at (0)), ==, 4 + 100 + 15);
  happen (second, "Bucket", "AWS::S3::Bucket", "CREATE_IN_PROGRESS", 0);
  happen (second, "Bucket", "AWS::S3::Bucket", "CREATE_COMPLETE", 8);
  more = porch_stack_progress_dup_times (second);
  g_assert_cmpfloat (json_object_get_double_member (more, "AWS::S3::Bucket Add"), ==, 6);
  g_assert_cmpfloat (json_object_get_double_member (more, "AWS::CloudFront::Distribution Add"), ==, 100);
}

/* What was not expected counts when it happens, and what the stack did before does not */
static void
test_progress_surprises (void)
{
  g_autoptr(PorchStackProgress) progress = expect_site (NULL);

  happen (progress, "Bucket", "AWS::S3::Bucket", "CREATE_IN_PROGRESS", 0);
  happen (progress, "Bucket", "AWS::S3::Bucket", "CREATE_COMPLETE", 20);
  porch_stack_progress_begin (progress, at (100));
  g_assert_cmpint (porch_stack_progress_get_remaining (progress, at (100)), ==, 275);
  happen (progress, "Other", "Something::Never::SeenBefore", "UPDATE_IN_PROGRESS", 100);
  g_assert_cmpint (porch_stack_progress_get_remaining (progress, at (101)), ==, 275);
}

/* Where nobody knows how fast it is, the first parts tell */
static void
test_progress_pace (void)
{
  g_autoptr(JsonObject) resources = parse (RESOURCES);
  g_autoptr(PorchStackProgress) progress = porch_stack_progress_new (resources, NULL, 0.01);

  porch_stack_progress_expect (progress, "Bucket", "AWS::S3::Bucket", "Add");
  porch_stack_progress_expect (progress, "Distribution", "AWS::CloudFront::Distribution", "Add");
  porch_stack_progress_begin (progress, at (0));
  g_assert_cmpint (porch_stack_progress_get_remaining (progress, at (0)), ==, 3);

  happen (progress, "Bucket", "AWS::S3::Bucket", "CREATE_IN_PROGRESS", 0);
  happen (progress, "Bucket", "AWS::S3::Bucket", "CREATE_COMPLETE", 10);
  happen (progress, "Distribution", "AWS::CloudFront::Distribution", "CREATE_IN_PROGRESS", 10);
  g_assert_cmpint (porch_stack_progress_get_remaining (progress, at (10)), ==, 120);
}

static void
test_progress_words (void)
{
  const struct
  {
    int         seconds;
    const char *words;
  } table[] = {
    { 0, NULL }, { 9, NULL }, { 10, "Less than a minute left" }, { 49, "Less than a minute left" },
    { 50, "About 1 minute left" }, { 89, "About 1 minute left" }, { 90, "About 2 minutes left" },
    { 275, "About 5 minutes left" }, { -3, NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    {
      g_autofree char *words = porch_stack_progress_describe (table[i].seconds);

      g_assert_cmpstr (words, ==, table[i].words);
    }
}

static GPtrArray *
build_changes (const char *list)
{
  g_auto(GStrv) lines = g_strsplit (list, ";", -1);
  GPtrArray *changes = g_ptr_array_new_with_free_func ((GDestroyNotify) aws_stack_change_unref);

  for (guint i = 0; lines[i] != NULL && *lines[i] != '\0'; i++)
    {
      g_auto(GStrv) words = g_strsplit (lines[i], " ", -1);
      g_autofree char *text = g_strdup_printf ("{\"ResourceChange\": {\"Action\": \"%s\", \"LogicalResourceId\": \"%s\","
                                               " \"ResourceType\": \"X\"%s%s%s}}", words[0], words[1],
                                               words[2] != NULL ? ", \"Replacement\": \"" : "",
                                               words[2] != NULL ? words[2] : "", words[2] != NULL ? "\"" : "");
      g_autoptr(JsonObject) json = parse (text);

      g_ptr_array_add (changes, aws_document_new (json));
    }

  return changes;
}

static void
test_changes_in_words (void)
{
  const struct
  {
    const char *changes;
    const char *parameters;
    const char *sentences;
  } table[] = {
    { "Modify Distribution False", "{\"DomainNames\": \"example.org,www.example.org\"}",
      "The site answers at example.org too.|The site answers at www.example.org too.|"
      "The way visitors reach the site is changed. It stays online meanwhile." },
    { "Add Contact;Add ContactRole;Add Api;Add Table;Modify Distribution False;Add Notify;Add NotifyRole", "{}",
      "The way visitors reach the site is changed. It stays online meanwhile.|An inbox for messages is made.|"
      "New messages are sent on by mail.|A contact form is set up that takes messages of visitors." },
    { "Remove Visits;Remove VisitsLog", "{}", "The counter of visits is taken away." },
    { "Modify Publisher", "{}", "The right to switch to another version is changed." },
    { "Add AccessControl", "{}", "What is known about the site is brought up to date." },
    { "", "{}", "What is known about the site is brought up to date." },
  };

  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    {
      g_autoptr(GPtrArray) list = build_changes (table[i].changes);
      g_autoptr(JsonObject) parameters = parse (table[i].parameters);
      g_autoptr(PorchStackChanges) changes = porch_stack_changes_new (list, NULL, parameters);
      g_autofree char *sentences = g_strjoinv ("|", (GStrv) porch_stack_changes_get_sentences (changes));
      g_autoptr(JsonArray) array = porch_stack_changes_to_json (changes);
      g_autoptr(GError) error = NULL;

      g_assert_cmpstr (sentences, ==, table[i].sentences);
      g_assert_false (porch_stack_changes_is_empty (changes));
      g_assert_true (porch_stack_changes_check (changes, &error));
      g_assert_no_error (error);
      g_assert_cmpuint (json_array_get_length (array), ==, list->len);
    }
}

static void
test_changes_none (void)
{
  g_autoptr(PorchStackChanges) changes = porch_stack_changes_new (NULL, NULL, NULL);

  g_assert_true (porch_stack_changes_is_empty (changes));
  g_assert_null (porch_stack_changes_get_sentences (changes)[0]);
  g_assert_true (porch_stack_changes_check (changes, NULL));
}

/* Files, messages and the address are nothing that an update may make anew */
static void
test_changes_that_lose (void)
{
  const struct
  {
    const char *changes;
    gboolean    is_safe;
  } table[] = {
    { "Modify Bucket True", FALSE }, { "Modify Table True", FALSE }, { "Modify Distribution True", FALSE },
    { "Modify BucketPolicy True", TRUE }, { "Modify Contact True", TRUE }, { "Modify Bucket False", TRUE },
    { "Modify Table Conditional", TRUE }, { "Add Bucket", TRUE }, { "Remove Table", TRUE },
    { "Modify Router False;Modify Table True", FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    {
      g_autoptr(GPtrArray) list = build_changes (table[i].changes);
      g_autoptr(PorchStackChanges) changes = porch_stack_changes_new (list, NULL, NULL);
      g_autoptr(GError) error = NULL;

      g_assert_cmpint (porch_stack_changes_check (changes, &error), ==, table[i].is_safe);

      if (!table[i].is_safe)
        g_assert_error (error, PORCH_ERROR, PORCH_ERROR_REPLACES);
    }
}

static void
test_areas (void)
{
  const struct
  {
    const char *region;
    const char *area;
  } table[] = {
    { "eu-central-1", "europe" }, { "us-west-2", "north-america" }, { "sa-east-1", "south-america" }, { "ap-south-1", "asia" },
    { "ap-southeast-2", "oceania" }, { "il-central-1", "middle-east" }, { "af-south-1", "africa" }, { "xx-new-9", "world" },
    { NULL, "world" },
  };
  guint n_areas;
  const PorchArea *areas = porch_area_list (&n_areas);

  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    g_assert_cmpstr (porch_area_find_of_region (table[i].region)->id, ==, table[i].area);

  for (guint i = 0; i < n_areas; i++)
    g_assert_true (porch_area_find (areas[i].id) == &areas[i]);

  g_assert_null (porch_area_find ("moon"));
}

/* The files go where the visitors are, as far as the account may go there */
static void
test_area_regions (void)
{
  g_autoptr(Cloud) cloud = cloud_new ();
  g_autoptr(PorchSurvey) survey = porch_survey_new (porch_engine_get_default_account (cloud->engine));
  GListModel *regions = porch_survey_get_regions (survey);
  g_autoptr(GListStore) one = g_list_store_new (PORCH_TYPE_REGION);
  g_autoptr(PorchRegion) first = g_list_model_get_item (regions, 0);
  guint n_areas;
  const PorchArea *areas = porch_area_list (&n_areas);
  const struct
  {
    const char *area;
    const char *preferred;
    const char *region;
  } table[] = {
    { "europe", "eu-west-3", "eu-west-3" }, { "europe", "us-east-1", "eu-central-1" }, { "europe", NULL, "eu-central-1" },
    { "oceania", "eu-west-1", "ap-southeast-2" }, { "world", "eu-west-1", "eu-west-1" }, { "world", NULL, "us-east-1" },
    /* no account has these from the beginning */
    { "africa", NULL, "eu-west-1" }, { "middle-east", NULL, "eu-central-1" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    g_assert_cmpstr (porch_area_choose_region (porch_area_find (table[i].area), regions, table[i].preferred), ==,
                     table[i].region);

  g_list_store_append (one, first);

  for (guint i = 0; i < n_areas; i++)
    g_assert_cmpstr (porch_area_choose_region (&areas[i], G_LIST_MODEL (one), "eu-nowhere-1"), ==, porch_region_get_id (first));
}

/* Hand-made sums: what is free is free, and above it every part counts */
static void
test_cost (void)
{
  const PorchArea *europe = porch_area_find ("europe");
  double few = porch_cost_estimate (europe, 1000, 0);
  double free_visits = porch_cost_get_free_visits ();
  guint n_prices;
  const PorchPrice *prices = porch_cost_list_prices (&n_prices);
  guint n_areas;
  const PorchArea *areas = porch_area_list (&n_areas);

  /* 0.5 GB kept, 1,000 writes and 5,000 reads in Europe, and 30 calls to the store */
  g_assert_cmpfloat_with_epsilon (few, 1.1 * (0.5 * 0.023 + 0.005 + 5 * 0.0004) + 0.03, 1e-9);
  g_assert_cmpfloat (free_visits, ==, 80000);
  g_assert_cmpfloat_with_epsilon (porch_cost_estimate (europe, (guint) free_visits, 0), few, 1e-9);

  /* 1.5 TB, 12.5 million requests, each with a call of the function and a read */
  g_assert_cmpfloat_with_epsilon (porch_cost_estimate (europe, 500000, 0) - few,
                                  500 * 0.085 + 250 * 0.012 + 10.5 * 0.10 + 10.5 * 0.03, 1e-6);
  g_assert_cmpfloat_with_epsilon (porch_cost_estimate (europe, 0, 1000) - porch_cost_estimate (europe, 0, 0),
                                  0.001 + 0.006 * 0.625 + 0.10, 1e-6);

  for (guint i = 0; i < n_areas; i++)
    g_assert_cmpfloat (porch_cost_estimate (&areas[i], 2000000, 10), >=, porch_cost_estimate (porch_area_find ("north-america"), 2000000, 10));

  for (guint i = 0; i < n_prices; i++)
    g_assert_true (g_str_has_prefix (prices[i].source, "https://") && prices[i].amount > 0 && prices[i].free >= 0);
}

static void
test_cost_words (void)
{
  const struct
  {
    double      amount;
    const char *words;
  } table[] = {
    { 0, "About 0.01 US dollars" }, { 0.001, "About 0.01 US dollars" }, { 0.05, "About 0.05 US dollars" },
    { 0.051, "About 0.06 US dollars" }, { 9.99, "About 9.99 US dollars" }, { 46.2, "About 47 US dollars" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    {
      g_autofree char *words = porch_cost_describe (table[i].amount);

      g_assert_cmpstr (words, ==, table[i].words);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  dex_init ();

  g_test_add_func ("/site/hosting/progress/one-after-the-other", test_progress_one_after_the_other);
  g_test_add_func ("/site/hosting/progress/never-falls", test_progress_never_falls);
  g_test_add_func ("/site/hosting/progress/backwards", test_progress_backwards);
  g_test_add_func ("/site/hosting/progress/learns", test_progress_learns);
  g_test_add_func ("/site/hosting/progress/surprises", test_progress_surprises);
  g_test_add_func ("/site/hosting/progress/pace", test_progress_pace);
  g_test_add_func ("/site/hosting/progress/words", test_progress_words);
  g_test_add_func ("/site/hosting/changes/in-words", test_changes_in_words);
  g_test_add_func ("/site/hosting/changes/none", test_changes_none);
  g_test_add_func ("/site/hosting/changes/that-lose", test_changes_that_lose);
  g_test_add_func ("/site/hosting/areas", test_areas);
  test_add_fiber ("/site/hosting/area-regions", test_area_regions);
  g_test_add_func ("/site/hosting/cost", test_cost);
  g_test_add_func ("/site/hosting/cost-words", test_cost_words);

  return g_test_run ();
}
