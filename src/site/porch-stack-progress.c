/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-stack-progress.h"

#include "aws-json.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/* Work that takes longer than thought takes so much longer still, as a part of what it took */
#define OVERRUN 0.15

/* How much the latest time counts against what was known before */
#define LEARNING 0.5

/* A later end by less than so many seconds is not worth saying */
#define JITTER 45

/* Nothing is ever said to be done before it is */
#define NEARLY 0.98

typedef struct
{
  char       *id;
  char       *type;
  const char *action;      /* "Add", "Modify" or "Remove" */
  GPtrArray  *needs;       /* ids of what has to be there before */
  double      duration;    /* seconds it is thought to take */
  gint64      started;     /* 0 before */
  gint64      ended;       /* 0 before */
  gint64      finish;      /* estimated; 0 while not known */
  gboolean    is_visited;
} Part;

/**
 * PorchStackProgress:
 *
 * How far the making, changing or removing of resources is, and how long it will still take: from what each kind of part
 * takes, what waits for what, and what has happened. All times are microseconds since 1970, as the service tells them.
 */
struct _PorchStackProgress
{
  GObject      parent_instance;

  GHashTable  *parts;       /* logical id -> Part */
  JsonObject  *resources;   /* of the template */
  JsonObject  *times;       /* "AWS::S3::Bucket Add": seconds */
  double       scale;
  double       pace;        /* of this run, against what was thought */
  gint64       started;
  double       fraction;    /* as told last; it never falls */
  int          shown;       /* seconds told last, -1 before */
};

G_DEFINE_FINAL_TYPE (PorchStackProgress, porch_stack_progress, G_TYPE_OBJECT)

/* Seconds that each takes at AWS, by experience; the first run of an account begins with these. What is everywhere in the
 * world takes minutes, all else is quick. */
static const struct
{
  const char *type;
  double      add;
  double      modify;
  double      remove;
} usual[] = {
  { "AWS::CloudFront::Distribution", 240, 180, 300 },
  { "AWS::CloudFront::KeyValueStore", 30, 10, 10 },
  { "AWS::CloudFront::Function", 15, 15, 5 },
  { "AWS::CloudFront::OriginAccessControl", 5, 5, 3 },
  { "AWS::S3::BucketPolicy", 15, 10, 5 },
  { "AWS::S3::Bucket", 20, 15, 5 },
  { "AWS::IAM::Role", 20, 15, 3 },
  { "AWS::DynamoDB::Table", 30, 20, 10 },
  { "AWS::Lambda::EventSourceMapping", 30, 20, 20 },
  { "AWS::Lambda::Function", 12, 10, 5 },
  { "", 6, 6, 4 },
};

static void
part_free (gpointer data)
{
  Part *part = data;

  g_free (part->id);
  g_free (part->type);
  g_ptr_array_unref (part->needs);
  g_free (part);
}

static void
porch_stack_progress_finalize (GObject *object)
{
  PorchStackProgress *self = PORCH_STACK_PROGRESS (object);

  g_clear_pointer (&self->parts, g_hash_table_unref);
  g_clear_pointer (&self->resources, json_object_unref);
  g_clear_pointer (&self->times, json_object_unref);

  G_OBJECT_CLASS (porch_stack_progress_parent_class)->finalize (object);
}

static void
porch_stack_progress_class_init (PorchStackProgressClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = porch_stack_progress_finalize;
}

static void
porch_stack_progress_init (PorchStackProgress *self)
{
  self->parts = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, part_free);
  self->shown = -1;
}

static char *
build_key (const char *type,
           const char *action)
{
  return g_strconcat (type, " ", action, NULL);
}

static double
find_duration (PorchStackProgress *self,
               const char         *type,
               const char         *action)
{
  g_autofree char *key = build_key (type, action);
  guint i = 0;

  if (json_object_has_member (self->times, key))
    return json_object_get_double_member_with_default (self->times, key, 0);

  while (!g_str_has_prefix (type, usual[i].type))
    i++;

  if (g_str_equal (action, "Add"))
    return usual[i].add * self->scale;

  return (g_str_equal (action, "Remove") ? usual[i].remove : usual[i].modify) * self->scale;
}

static void
add_need (Part       *part,
          const char *name,
          gsize       length)
{
  g_autofree char *need = g_strndup (name, length);

  if (!g_ptr_array_find_with_equal_func (part->needs, need, g_str_equal, NULL))
    g_ptr_array_add (part->needs, g_steal_pointer (&need));
}

/* "${Bucket.Arn}/x" names Bucket */
static void
add_needs_of_text (Part       *part,
                   const char *text)
{
  for (const char *at = strstr (text, "${"); at != NULL; at = strstr (at, "${"))
    {
      at += 2;
      add_need (part, at, strcspn (at, ".}"));
    }
}

/* Whatever a part of the template names: parameters are found too, and are nobody */
static void
add_needs (Part     *part,
           JsonNode *node)
{
  if (JSON_NODE_HOLDS_ARRAY (node))
    {
      JsonArray *array = json_node_get_array (node);

      for (guint i = 0; i < json_array_get_length (array); i++)
        add_needs (part, json_array_get_element (array, i));
    }
  else if (JSON_NODE_HOLDS_OBJECT (node))
    {
      JsonObject *object = json_node_get_object (node);
      const char *name = aws_json_get_string (object, "Ref");
      JsonArray *attribute = aws_json_get_array (object, "Fn::GetAtt");
      g_autoptr(GList) members = json_object_get_members (object);

      if (name == NULL && attribute != NULL)
        name = aws_json_array_get_string (attribute, 0);
      if (name != NULL)
        add_need (part, name, strlen (name));
      if (aws_json_get_string (object, "Fn::Sub") != NULL)
        add_needs_of_text (part, aws_json_get_string (object, "Fn::Sub"));

      for (GList *l = members; l != NULL; l = l->next)
        add_needs (part, json_object_get_member (object, l->data));
    }
}

/**
 * porch_stack_progress_new:
 * @resources: (nullable): the `Resources` of the template
 * @times: (nullable): what [method@Porch.StackProgress.dup_times] gave after an earlier run
 * @scale: how long something takes that was never done, against what it usually takes
 *
 * Returns: (transfer full): the progress of something that has not begun
 */
PorchStackProgress *
porch_stack_progress_new (JsonObject *resources,
                          JsonObject *times,
                          double      scale)
{
  PorchStackProgress *self = g_object_new (PORCH_TYPE_STACK_PROGRESS, NULL);

  self->resources = resources != NULL ? json_object_ref (resources) : json_object_new ();
  self->scale = scale;
  self->times = times != NULL ? json_object_ref (times) : json_object_new ();

  return self;
}

static const char *
intern_action (const char *action)
{
  if (g_strcmp0 (action, "Add") == 0)
    return "Add";

  return g_strcmp0 (action, "Remove") == 0 ? "Remove" : "Modify";
}

static Part *
ensure_part (PorchStackProgress *self,
             const char         *logical_id,
             const char         *type,
             const char         *action)
{
  Part *part = g_hash_table_lookup (self->parts, logical_id);

  if (part != NULL)
    return part;

  part = g_new0 (Part, 1);
  part->id = g_strdup (logical_id);
  part->type = g_strdup (type != NULL ? type : "");
  part->action = intern_action (action);
  part->needs = g_ptr_array_new_with_free_func (g_free);
  part->duration = find_duration (self, part->type, part->action);

  if (json_object_has_member (self->resources, logical_id))
    add_needs (part, json_object_get_member (self->resources, logical_id));

  g_hash_table_insert (self->parts, part->id, part);

  return part;
}

/**
 * porch_stack_progress_expect:
 * @self: progress
 * @logical_id: the name of a part in the template
 * @type: what it is, such as `AWS::S3::Bucket`
 * @action: `Add`, `Modify` or `Remove`
 *
 * Notes a part that will be worked on. What was not expected is noted when it happens.
 */
void
porch_stack_progress_expect (PorchStackProgress *self,
                             const char         *logical_id,
                             const char         *type,
                             const char         *action)
{
  g_return_if_fail (PORCH_IS_STACK_PROGRESS (self));
  g_return_if_fail (logical_id != NULL);

  ensure_part (self, logical_id, type, action);
}

/**
 * porch_stack_progress_begin:
 * @self: progress
 * @when: microseconds since 1970
 *
 * Tells that the work begins now: what happened before belongs to earlier work.
 */
void
porch_stack_progress_begin (PorchStackProgress *self,
                            gint64              when)
{
  GHashTableIter iter;
  Part *part;

  g_return_if_fail (PORCH_IS_STACK_PROGRESS (self));

  self->started = when;
  g_hash_table_iter_init (&iter, self->parts);

  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &part))
    part->started = part->ended = 0;
}

static gint64
get_time (AwsStackEvent *event)
{
  g_autoptr(GDateTime) time = aws_stack_event_dup_time (event);

  return time != NULL ? g_date_time_to_unix_usec (time) : g_get_real_time ();
}

static const char *
action_of_status (const char *status)
{
  if (g_str_has_prefix (status, "CREATE_"))
    return "Add";

  return g_str_has_prefix (status, "DELETE_") ? "Remove" : "Modify";
}

/**
 * porch_stack_progress_take:
 * @self: progress
 * @event: what happened to a part
 *
 * Takes notice of an event. They are to be given in the order in which they happened.
 */
void
porch_stack_progress_take (PorchStackProgress *self,
                           AwsStackEvent      *event)
{
  const char *status;
  Part *part;

  g_return_if_fail (PORCH_IS_STACK_PROGRESS (self));
  g_return_if_fail (event != NULL);

  status = aws_stack_event_get_status (event);

  if (status == NULL || aws_stack_event_get_logical_id (event) == NULL)
    return;

  part = ensure_part (self, aws_stack_event_get_logical_id (event), aws_stack_event_get_resource_type (event),
                      action_of_status (status));

  if (g_str_has_suffix (status, "_IN_PROGRESS") && part->started == 0)
    part->started = get_time (event);
  else if (g_str_has_suffix (status, "_COMPLETE") || g_str_has_suffix (status, "_SKIPPED"))
    part->ended = get_time (event);
}

/* A place that is not AWS itself may be as fast or as slow as it likes: what has ended there tells of what is to come */
static double
estimate_pace (PorchStackProgress *self)
{
  double thought = 0;
  double took = 0;
  GHashTableIter iter;
  Part *part;

  g_hash_table_iter_init (&iter, self->parts);

  while (self->scale != 1 && g_hash_table_iter_next (&iter, NULL, (gpointer *) &part))
    if (part->started != 0 && part->ended > part->started)
      {
        thought += part->duration;
        took += (double) (part->ended - part->started) / G_USEC_PER_SEC;
      }

  return thought > 0 && took > 0 ? took / thought : 1;
}

static gint64 estimate_finish (PorchStackProgress *self,
                               Part               *part,
                               gint64              now);

/* What is removed goes before what it needs; what is made comes after */
static gint64
estimate_start (PorchStackProgress *self,
                Part               *part,
                gint64              now)
{
  gboolean is_removed = g_str_equal (part->action, "Remove");
  gint64 start = now;
  GHashTableIter iter;
  Part *other;

  g_hash_table_iter_init (&iter, self->parts);

  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &other))
    if (other != part &&
        (is_removed ? g_str_equal (other->action, "Remove") &&
                      g_ptr_array_find_with_equal_func (other->needs, part->id, g_str_equal, NULL)
                    : g_ptr_array_find_with_equal_func (part->needs, other->id, g_str_equal, NULL)))
      start = MAX (start, estimate_finish (self, other, now));

  return start;
}

static gint64
estimate_finish (PorchStackProgress *self,
                 Part               *part,
                 gint64              now)
{
  gint64 duration = part->duration * self->pace * G_USEC_PER_SEC;

  if (part->ended != 0)
    return part->ended;

  if (part->finish == 0 && !part->is_visited)
    {
      part->is_visited = TRUE;

      if (part->started == 0)
        part->finish = estimate_start (self, part, now) + duration;
      else
        part->finish = MAX (part->started + duration, now + (gint64) (MAX (now - part->started, 0) * OVERRUN));
    }

  /* Parts that wait for each other can't be; what is asked in a circle counts nothing */
  return part->finish;
}

static double
estimate_seconds (PorchStackProgress *self,
                  gint64              now)
{
  gint64 end = now;
  GHashTableIter iter;
  Part *part;

  self->pace = estimate_pace (self);
  g_hash_table_iter_init (&iter, self->parts);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &part))
    {
      part->finish = 0;
      part->is_visited = FALSE;
    }

  g_hash_table_iter_init (&iter, self->parts);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &part))
    end = MAX (end, estimate_finish (self, part, now));

  return (double) (end - now) / G_USEC_PER_SEC;
}

/**
 * porch_stack_progress_get_fraction:
 * @self: progress
 * @now: microseconds since 1970
 *
 * Returns: how much is done, from 0 to nearly 1; it never falls
 */
double
porch_stack_progress_get_fraction (PorchStackProgress *self,
                                   gint64              now)
{
  double elapsed;
  double remaining;

  g_return_val_if_fail (PORCH_IS_STACK_PROGRESS (self), 0);

  elapsed = self->started != 0 ? MAX ((double) (now - self->started) / G_USEC_PER_SEC, 0) : 0;
  remaining = estimate_seconds (self, now);

  if (elapsed + remaining > 0)
    self->fraction = MAX (self->fraction, MIN (elapsed / (elapsed + remaining), NEARLY));

  return self->fraction;
}

/**
 * porch_stack_progress_get_remaining:
 * @self: progress
 * @now: microseconds since 1970
 *
 * Returns: seconds that it will still take; a little later end than was told before is not told
 */
int
porch_stack_progress_get_remaining (PorchStackProgress *self,
                                    gint64              now)
{
  int seconds;

  g_return_val_if_fail (PORCH_IS_STACK_PROGRESS (self), 0);

  seconds = (int) ceil (estimate_seconds (self, now));

  if (self->shown < 0 || seconds < self->shown || seconds > self->shown + JITTER)
    self->shown = seconds;

  return self->shown;
}

/**
 * porch_stack_progress_get_work:
 * @self: progress
 * @now: microseconds since 1970
 * @is_removed: (out): whether it is being removed
 *
 * Of all that is done at the same time, people wait for what takes longest.
 *
 * Returns: (transfer none) (nullable): what kind of part is being worked on, such as `AWS::S3::Bucket`
 */
const char *
porch_stack_progress_get_work (PorchStackProgress *self,
                               gint64              now,
                               gboolean           *is_removed)
{
  Part *longest = NULL;
  GHashTableIter iter;
  Part *part;

  g_return_val_if_fail (PORCH_IS_STACK_PROGRESS (self), NULL);
  g_return_val_if_fail (is_removed != NULL, NULL);

  estimate_seconds (self, now);
  g_hash_table_iter_init (&iter, self->parts);

  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &part))
    if (part->started != 0 && part->ended == 0 && (longest == NULL || part->finish > longest->finish))
      longest = part;

  *is_removed = longest != NULL && g_str_equal (longest->action, "Remove");

  return longest != NULL ? longest->type : NULL;
}

/**
 * porch_stack_progress_describe:
 * @seconds: seconds
 *
 * Returns: (transfer full) (nullable): how long that is, for people who wait; `NULL` if it is not worth saying
 */
char *
porch_stack_progress_describe (int seconds)
{
  guint minutes = (MAX (seconds, 0) + 30) / 60;

  if (seconds < 10)
    return NULL;

  if (seconds < 50)
    return g_strdup (_("Less than a minute left"));

  return g_strdup_printf (ngettext ("About %u minute left", "About %u minutes left", MAX (minutes, 1)), MAX (minutes, 1));
}

/**
 * porch_stack_progress_dup_times:
 * @self: progress of something that has ended well
 *
 * Returns: (transfer full): what each kind of part took, together with what was known before
 */
JsonObject *
porch_stack_progress_dup_times (PorchStackProgress *self)
{
  JsonObject *times;
  g_autoptr(GList) known = NULL;
  GHashTableIter iter;
  Part *part;

  g_return_val_if_fail (PORCH_IS_STACK_PROGRESS (self), NULL);

  times = json_object_new ();
  known = json_object_get_members (self->times);

  for (GList *l = known; l != NULL; l = l->next)
    json_object_set_member (times, l->data, json_object_dup_member (self->times, l->data));

  g_hash_table_iter_init (&iter, self->parts);

  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &part))
    {
      g_autofree char *key = build_key (part->type, part->action);
      double took = (double) (part->ended - part->started) / G_USEC_PER_SEC;

      if (part->started == 0 || part->ended == 0 || took < 0)
        continue;

      if (json_object_has_member (times, key))
        took = took * LEARNING + json_object_get_double_member (times, key) * (1 - LEARNING);

      json_object_set_double_member (times, key, took);
    }

  return times;
}
