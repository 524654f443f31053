/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-domain-doctor-private.h"

#include "porch-fiber.h"
#include "porch-site-private.h"

#include <glib/gi18n-lib.h>

/* Between two looks, in seconds: while something is on its way, longer from look to look; when all is well; and when it is not */
#define FIRST_PAUSE 15
#define MAX_PAUSE   120
#define GOOD_PAUSE  (24 * 60 * 60)
#define BAD_PAUSE   300

/**
 * PorchDomainDoctor:
 *
 * Looks after the own address of a site: whether its name leads to it, and where the way ends if not. A list of the steps
 * on the way, which stay the same objects as long as the site has an own address.
 */
struct _PorchDomainDoctor
{
  GObject            parent_instance;

  PorchSite         *site;          /* not held: the site holds its doctor */
  PorchDoctorStep   *steps[PORCH_DOCTOR_N_STEPS];
  DexPromise        *stop;          /* rejected to end a look */
  DexPromise        *looking;       /* resolves when the look is over */
  GDateTime         *last_looked;
  GDateTime         *next_look;
  char              *sentence;
  char              *host_name;
  char              *host_uri;
  PorchDoctorState   state;
  guint              n_steps;       /* none or all */
  guint              timer;
  guint              pause;         /* seconds */
  gboolean           is_looking;
  gboolean           is_watching;
};

enum
{
  PROP_SITE = 1,
  PROP_LOOKING,
  PROP_WATCHING,
  PROP_STATE,
  PROP_SENTENCE,
  PROP_WORKS,
  PROP_HOST_NAME,
  PROP_HOST_URI,
  PROP_LAST_LOOKED,
  PROP_NEXT_LOOK,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void list_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (PorchDomainDoctor, porch_domain_doctor, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_init))

static GType
porch_domain_doctor_get_item_type (GListModel *model)
{
  return PORCH_TYPE_DOCTOR_STEP;
}

static guint
porch_domain_doctor_get_n_items (GListModel *model)
{
  return PORCH_DOMAIN_DOCTOR (model)->n_steps;
}

static gpointer
porch_domain_doctor_get_item (GListModel *model,
                              guint       position)
{
  PorchDomainDoctor *self = PORCH_DOMAIN_DOCTOR (model);

  return position < self->n_steps ? g_object_ref (self->steps[position]) : NULL;
}

static void
list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = porch_domain_doctor_get_item_type;
  iface->get_n_items = porch_domain_doctor_get_n_items;
  iface->get_item = porch_domain_doctor_get_item;
}

static void
porch_domain_doctor_get_property (GObject    *object,
                                  guint       prop_id,
                                  GValue     *value,
                                  GParamSpec *pspec)
{
  PorchDomainDoctor *self = PORCH_DOMAIN_DOCTOR (object);

  switch (prop_id)
    {
    case PROP_SITE:
      g_value_set_object (value, self->site);
      break;

    case PROP_LOOKING:
      g_value_set_boolean (value, self->is_looking);
      break;

    case PROP_WATCHING:
      g_value_set_boolean (value, self->is_watching);
      break;

    case PROP_STATE:
      g_value_set_enum (value, self->state);
      break;

    case PROP_SENTENCE:
      g_value_set_string (value, self->sentence);
      break;

    case PROP_WORKS:
      g_value_set_boolean (value, porch_domain_doctor_works (self));
      break;

    case PROP_HOST_NAME:
      g_value_set_string (value, self->host_name);
      break;

    case PROP_HOST_URI:
      g_value_set_string (value, self->host_uri);
      break;

    case PROP_LAST_LOOKED:
      g_value_set_boxed (value, self->last_looked);
      break;

    case PROP_NEXT_LOOK:
      g_value_set_boxed (value, self->next_look);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
porch_domain_doctor_set_property (GObject      *object,
                                  guint         prop_id,
                                  const GValue *value,
                                  GParamSpec   *pspec)
{
  PorchDomainDoctor *self = PORCH_DOMAIN_DOCTOR (object);

  switch (prop_id)
    {
    case PROP_WATCHING:
      porch_domain_doctor_set_watching (self, g_value_get_boolean (value));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
porch_domain_doctor_dispose (GObject *object)
{
  PorchDomainDoctor *self = PORCH_DOMAIN_DOCTOR (object);

  porch_domain_doctor_stop (self);
  g_clear_handle_id (&self->timer, g_source_remove);
  g_clear_weak_pointer (&self->site);
  for (guint i = 0; i < PORCH_DOCTOR_N_STEPS; i++)
    g_clear_object (&self->steps[i]);
  self->n_steps = 0;
  dex_clear (&self->stop);
  dex_clear (&self->looking);

  G_OBJECT_CLASS (porch_domain_doctor_parent_class)->dispose (object);
}

static void
porch_domain_doctor_finalize (GObject *object)
{
  PorchDomainDoctor *self = PORCH_DOMAIN_DOCTOR (object);

  g_clear_pointer (&self->last_looked, g_date_time_unref);
  g_clear_pointer (&self->next_look, g_date_time_unref);
  g_clear_pointer (&self->sentence, g_free);
  g_clear_pointer (&self->host_name, g_free);
  g_clear_pointer (&self->host_uri, g_free);

  G_OBJECT_CLASS (porch_domain_doctor_parent_class)->finalize (object);
}

static void
porch_domain_doctor_class_init (PorchDomainDoctorClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = porch_domain_doctor_get_property;
  object_class->set_property = porch_domain_doctor_set_property;
  object_class->dispose = porch_domain_doctor_dispose;
  object_class->finalize = porch_domain_doctor_finalize;

  properties[PROP_SITE] = g_param_spec_object ("site", NULL, NULL, PORCH_TYPE_SITE, flags);
  properties[PROP_LOOKING] = g_param_spec_boolean ("looking", NULL, NULL, FALSE, flags);
  properties[PROP_WATCHING] = g_param_spec_boolean ("watching", NULL, NULL, FALSE,
                                                    G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  properties[PROP_STATE] = g_param_spec_enum ("state", NULL, NULL, PORCH_TYPE_DOCTOR_STATE, PORCH_DOCTOR_UNKNOWN, flags);
  properties[PROP_SENTENCE] = g_param_spec_string ("sentence", NULL, NULL, NULL, flags);
  properties[PROP_WORKS] = g_param_spec_boolean ("works", NULL, NULL, FALSE, flags);
  properties[PROP_HOST_NAME] = g_param_spec_string ("host-name", NULL, NULL, NULL, flags);
  properties[PROP_HOST_URI] = g_param_spec_string ("host-uri", NULL, NULL, NULL, flags);
  properties[PROP_LAST_LOOKED] = g_param_spec_boxed ("last-looked", NULL, NULL, G_TYPE_DATE_TIME, flags);
  properties[PROP_NEXT_LOOK] = g_param_spec_boxed ("next-look", NULL, NULL, G_TYPE_DATE_TIME, flags);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
porch_domain_doctor_init (PorchDomainDoctor *self)
{
  for (guint i = 0; i < PORCH_DOCTOR_N_STEPS; i++)
    self->steps[i] = porch_doctor_step_new (i);
  self->sentence = g_strdup (_("Not looked at yet."));
  self->pause = FIRST_PAUSE;
}

static void
set_looking (PorchDomainDoctor *self,
             gboolean           is_looking)
{
  if (self->is_looking == is_looking)
    return;

  self->is_looking = is_looking;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LOOKING]);
}

static void
set_time (PorchDomainDoctor *self,
          GDateTime        **place,
          GDateTime         *time,
          guint              prop)
{
  g_clear_pointer (place, g_date_time_unref);
  *place = time;
  g_object_notify_by_pspec (G_OBJECT (self), properties[prop]);
}

static void
set_n_steps (PorchDomainDoctor *self,
             guint              n_steps)
{
  guint before = self->n_steps;

  if (before == n_steps)
    return;

  self->n_steps = n_steps;
  g_list_model_items_changed (G_LIST_MODEL (self), 0, before, n_steps);
}

/* The sentence of the step that decides */
static const char *
find_sentence (PorchDomainDoctor *self,
               PorchDoctorState   state)
{
  if (state == PORCH_DOCTOR_GOOD)
    return porch_doctor_step_get_sentence (self->steps[PORCH_DOCTOR_ANSWER]);

  for (guint i = 0; i < PORCH_DOCTOR_N_STEPS; i++)
    if (porch_doctor_step_get_state (self->steps[i]) == state)
      return porch_doctor_step_get_sentence (self->steps[i]);

  return _("Not looked at yet.");
}

static void
set_host (PorchDomainDoctor *self,
          PorchDomainHost   *host)
{
  if (g_set_str (&self->host_name, host != NULL ? porch_domain_host_get_name (host) : NULL))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_HOST_NAME]);
  if (g_set_str (&self->host_uri, host != NULL ? porch_domain_host_get_uri (host) : NULL))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_HOST_URI]);
}

static void
conclude (PorchDomainDoctor *self)
{
  PorchDoctorState states[PORCH_DOCTOR_N_STEPS];
  PorchDoctorState state;

  for (guint i = 0; i < PORCH_DOCTOR_N_STEPS; i++)
    states[i] = porch_doctor_step_get_state (self->steps[i]);

  state = self->n_steps > 0 ? porch_doctor_judge_whole (states) : PORCH_DOCTOR_UNKNOWN;

  if (self->state != state)
    {
      self->state = state;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
    }

  if (g_set_str (&self->sentence, find_sentence (self, state)))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SENTENCE]);
}

/* What the look saw of an address that has worked before is kept: who opens the app next sees it before it is looked at again.
 * Where nobody could be asked, what was known stays. */
static void
keep_state (PorchDomainDoctor      *self,
            const PorchDoctorFacts *facts)
{
  PorchAddress *own = self->site != NULL ? porch_site_get_own_address (self->site) : NULL;
  PorchDoctorState seen = porch_doctor_step_get_state (self->steps[PORCH_DOCTOR_ANSWER]);
  PorchAddressState state = PORCH_ADDRESS_LIVE;
  g_autoptr(PorchAddress) changed = NULL;

  if (own == NULL || porch_address_get_state (own) == PORCH_ADDRESS_SETTING_UP ||
      g_strcmp0 (porch_address_get_ascii (own), facts->name) != 0)
    return;

  if (seen == PORCH_DOCTOR_WRONG)
    state = PORCH_ADDRESS_BROKEN;
  else if (seen != PORCH_DOCTOR_GOOD && seen != PORCH_DOCTOR_NOTICE)
    return;

  if (porch_address_get_state (own) == state)
    return;

  changed = porch_address_with_state (own, state);
  porch_site_set_own_address (self->site, changed);
  dex_future_disown (porch_site_save (self->site));
}

/* Judges what a look found out; @facts is NULL where there is no own address. */
void
porch_domain_doctor_take_facts (PorchDomainDoctor      *self,
                                const PorchDoctorFacts *facts)
{
  gboolean worked = porch_domain_doctor_works (self);

  g_object_freeze_notify (G_OBJECT (self));

  for (guint i = 0; facts != NULL && i < PORCH_DOCTOR_N_STEPS; i++)
    {
      g_autoptr(PorchDoctorVerdict) verdict = porch_doctor_judge (facts, i);

      porch_doctor_step_take (self->steps[i], verdict, facts->domain);
    }

  set_n_steps (self, facts != NULL ? PORCH_DOCTOR_N_STEPS : 0);
  set_host (self, facts != NULL ? facts->host : NULL);
  conclude (self);

  if (worked != porch_domain_doctor_works (self))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_WORKS]);

  set_time (self, &self->last_looked, g_date_time_new_now_utc (), PROP_LAST_LOOKED);
  g_object_thaw_notify (G_OBJECT (self));

  if (facts != NULL)
    keep_state (self, facts);
}

static void
look_cb (gpointer user_data)
{
  PorchDomainDoctor *self = user_data;

  self->timer = 0;
  dex_future_disown (porch_domain_doctor_look (self));
}

/* Some time after each look: soon while something is on its way, or a person is at work on it */
static void
plan_look (PorchDomainDoctor *self)
{
  guint pause;

  g_clear_handle_id (&self->timer, g_source_remove);

  if (!self->is_watching || self->site == NULL || porch_site_get_own_address (self->site) == NULL)
    {
      set_time (self, &self->next_look, NULL, PROP_NEXT_LOOK);
      return;
    }

  if (self->state == PORCH_DOCTOR_GOOD || self->state == PORCH_DOCTOR_NOTICE)
    {
      pause = GOOD_PAUSE;
      self->pause = FIRST_PAUSE;
    }
  else
    {
      pause = self->pause;
      self->pause = MIN (self->pause * 3 / 2, porch_domain_doctor_works (self) ? BAD_PAUSE : MAX_PAUSE);
    }

  self->timer = g_timeout_add_seconds_once (pause, look_cb, self);
  set_time (self, &self->next_look, g_date_time_add_seconds (self->last_looked, pause), PROP_NEXT_LOOK);
}

static DexFuture *
look_fiber (gpointer user_data)
{
  PorchDomainDoctor *self = user_data;
  g_autoptr(PorchSite) site = self->site != NULL ? g_object_ref (self->site) : NULL;
  DexPromise *stop = dex_ref (self->stop);
  DexPromise *looking = dex_ref (self->looking);
  g_autoptr(PorchDoctorFacts) facts = site != NULL ? porch_doctor_await_facts (site, DEX_FUTURE (stop)) : NULL;

  if (dex_future_is_pending (DEX_FUTURE (stop)))
    porch_domain_doctor_take_facts (self, facts);

  set_looking (self, FALSE);
  if (self->last_looked != NULL)
    plan_look (self);

  if (dex_future_is_pending (DEX_FUTURE (stop)))
    dex_promise_resolve_boolean (looking, TRUE);
  else
    dex_promise_reject (looking, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "Stopped"));

  dex_unref (stop);
  dex_unref (looking);

  return dex_future_new_true ();
}

static void
address_changed_cb (PorchDomainDoctor *self)
{
  /* What is known is about another name, or none. */
  if (porch_site_get_own_address (self->site) == NULL)
    porch_domain_doctor_take_facts (self, NULL);
  else
    set_n_steps (self, PORCH_DOCTOR_N_STEPS);

  self->pause = FIRST_PAUSE;
  if (self->is_watching && !self->is_looking)
    dex_future_disown (porch_domain_doctor_look (self));
}

/**
 * porch_domain_doctor_new:
 * @site: a site, which is not held
 *
 * Returns: (transfer full): a doctor who has not looked at anything yet
 */
PorchDomainDoctor *
porch_domain_doctor_new (PorchSite *site)
{
  PorchDomainDoctor *self;

  g_return_val_if_fail (PORCH_IS_SITE (site), NULL);

  self = g_object_new (PORCH_TYPE_DOMAIN_DOCTOR, NULL);
  g_set_weak_pointer (&self->site, site);
  self->n_steps = porch_site_get_own_address (site) != NULL ? PORCH_DOCTOR_N_STEPS : 0;
  g_signal_connect_object (site, "notify::own-address", G_CALLBACK (address_changed_cb), self, G_CONNECT_SWAPPED);

  return self;
}

/**
 * porch_domain_doctor_get_site:
 * @self: a doctor
 *
 * Returns: (transfer none) (nullable): the site, as long as there is one
 */
PorchSite *
porch_domain_doctor_get_site (PorchDomainDoctor *self)
{
  g_return_val_if_fail (PORCH_IS_DOMAIN_DOCTOR (self), NULL);

  return self->site;
}

/**
 * porch_domain_doctor_look:
 * @self: a doctor
 *
 * Looks at everything: name servers, records, the certificate, the distribution, and the site itself from outside. Changes
 * nothing anywhere. A look that is underway is joined. It goes on when the future is dropped; see
 * [method@Porch.DomainDoctor.stop].
 *
 * Returns: (transfer full): a future that resolves to %TRUE; rejected only if the look is stopped, with %G_IO_ERROR_CANCELLED
 */
DexFuture *
porch_domain_doctor_look (PorchDomainDoctor *self)
{
  dex_return_error_if_fail (PORCH_IS_DOMAIN_DOCTOR (self));

  if (self->is_looking)
    return dex_ref (DEX_FUTURE (self->looking));

  g_clear_handle_id (&self->timer, g_source_remove);
  dex_clear (&self->stop);
  dex_clear (&self->looking);
  self->stop = dex_promise_new ();
  self->looking = dex_promise_new ();
  set_looking (self, TRUE);

  /* The doctor itself tells when it is over. */
  dex_future_disown (porch_fiber_spawn (look_fiber, g_object_ref (self), g_object_unref, NULL));

  return dex_ref (DEX_FUTURE (self->looking));
}

/**
 * porch_domain_doctor_stop:
 * @self: a doctor
 *
 * Ends a look that is underway soon; what was known stays.
 */
void
porch_domain_doctor_stop (PorchDomainDoctor *self)
{
  g_return_if_fail (PORCH_IS_DOMAIN_DOCTOR (self));

  if (self->stop != NULL && dex_future_is_pending (DEX_FUTURE (self->stop)))
    dex_promise_reject (self->stop, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "Stopped"));
}

gboolean
porch_domain_doctor_is_looking (PorchDomainDoctor *self)
{
  g_return_val_if_fail (PORCH_IS_DOMAIN_DOCTOR (self), FALSE);

  return self->is_looking;
}

gboolean
porch_domain_doctor_get_watching (PorchDomainDoctor *self)
{
  g_return_val_if_fail (PORCH_IS_DOMAIN_DOCTOR (self), FALSE);

  return self->is_watching;
}

/**
 * porch_domain_doctor_set_watching:
 * @self: a doctor
 * @watching: whether to look again by itself
 *
 * Looks at once if it never did, then again and again: after some seconds while something is on its way or has to be done,
 * and once a day when all is well.
 */
void
porch_domain_doctor_set_watching (PorchDomainDoctor *self,
                                  gboolean           watching)
{
  g_return_if_fail (PORCH_IS_DOMAIN_DOCTOR (self));

  if (self->is_watching == watching)
    return;

  self->is_watching = watching;
  self->pause = FIRST_PAUSE;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_WATCHING]);

  if (watching && self->last_looked == NULL && !self->is_looking && self->n_steps > 0)
    dex_future_disown (porch_domain_doctor_look (self));
  else if (!self->is_looking)
    plan_look (self);
}

PorchDoctorState
porch_domain_doctor_get_state (PorchDomainDoctor *self)
{
  g_return_val_if_fail (PORCH_IS_DOMAIN_DOCTOR (self), PORCH_DOCTOR_UNKNOWN);

  return self->state;
}

const char *
porch_domain_doctor_get_sentence (PorchDomainDoctor *self)
{
  g_return_val_if_fail (PORCH_IS_DOMAIN_DOCTOR (self), NULL);

  return self->sentence;
}

/**
 * porch_domain_doctor_works:
 * @self: a doctor
 *
 * Returns: whether visitors reached the site at its own address when it was looked at last
 */
gboolean
porch_domain_doctor_works (PorchDomainDoctor *self)
{
  PorchDoctorState state;

  g_return_val_if_fail (PORCH_IS_DOMAIN_DOCTOR (self), FALSE);

  if (self->n_steps == 0)
    return FALSE;

  state = porch_doctor_step_get_state (self->steps[PORCH_DOCTOR_ANSWER]);

  return state == PORCH_DOCTOR_GOOD || state == PORCH_DOCTOR_NOTICE;
}

GDateTime *
porch_domain_doctor_get_last_looked (PorchDomainDoctor *self)
{
  g_return_val_if_fail (PORCH_IS_DOMAIN_DOCTOR (self), NULL);

  return self->last_looked;
}

GDateTime *
porch_domain_doctor_get_next_look (PorchDomainDoctor *self)
{
  g_return_val_if_fail (PORCH_IS_DOMAIN_DOCTOR (self), NULL);

  return self->next_look;
}

const char *
porch_domain_doctor_get_host_name (PorchDomainDoctor *self)
{
  g_return_val_if_fail (PORCH_IS_DOMAIN_DOCTOR (self), NULL);

  return self->host_name;
}

const char *
porch_domain_doctor_get_host_uri (PorchDomainDoctor *self)
{
  g_return_val_if_fail (PORCH_IS_DOMAIN_DOCTOR (self), NULL);

  return self->host_uri;
}

/**
 * porch_domain_doctor_to_json:
 * @self: a doctor
 *
 * Returns: (transfer full): what it knows, with its steps
 */
JsonObject *
porch_domain_doctor_to_json (PorchDomainDoctor *self)
{
  g_autoptr(GEnumClass) states = g_type_class_ref (PORCH_TYPE_DOCTOR_STATE);
  JsonObject *object;
  JsonArray *steps;

  g_return_val_if_fail (PORCH_IS_DOMAIN_DOCTOR (self), NULL);

  object = json_object_new ();
  steps = json_array_new ();

  for (guint i = 0; i < self->n_steps; i++)
    json_array_add_object_element (steps, porch_doctor_step_to_json (self->steps[i]));

  json_object_set_string_member (object, "state", g_enum_get_value (states, self->state)->value_nick);
  json_object_set_boolean_member (object, "works", porch_domain_doctor_works (self));
  json_object_set_string_member (object, "sentence", self->sentence);
  json_object_set_string_member (object, "host", self->host_name);
  json_object_set_array_member (object, "steps", steps);

  return object;
}
