/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>
#include <json-glib/json-glib.h>
#include <libdex.h>

G_BEGIN_DECLS

typedef struct _PorchSite PorchSite;

/**
 * PorchDoctorState:
 * @PORCH_DOCTOR_UNKNOWN: not looked at yet, or could not be found out, or has to wait for a step before
 * @PORCH_DOCTOR_WAITING: on its way; nothing to do but wait
 * @PORCH_DOCTOR_GOOD: as it should be
 * @PORCH_DOCTOR_NOTICE: works, but will not for ever, or not for everybody
 * @PORCH_DOCTOR_WRONG: something has to be done
 *
 * How well a part of an own address is.
 */
typedef enum
{
  PORCH_DOCTOR_UNKNOWN,
  PORCH_DOCTOR_WAITING,
  PORCH_DOCTOR_GOOD,
  PORCH_DOCTOR_NOTICE,
  PORCH_DOCTOR_WRONG,
} PorchDoctorState;

#define PORCH_TYPE_DOCTOR_STATE (porch_doctor_state_get_type ())
#define PORCH_TYPE_DOCTOR_RECORD (porch_doctor_record_get_type ())
#define PORCH_TYPE_DOCTOR_STEP (porch_doctor_step_get_type ())
#define PORCH_TYPE_DOMAIN_DOCTOR (porch_domain_doctor_get_type ())

GType             porch_doctor_state_get_type         (void) G_GNUC_CONST;

/* A record that the owner enters where the domain's DNS is, and what was found instead. Properties "name", "short-name",
 * "record-type", "value", "found", "state", "purpose", "text"; all notify. Stays the same as long as the same record is wanted. */
G_DECLARE_FINAL_TYPE (PorchDoctorRecord, porch_doctor_record, PORCH, DOCTOR_RECORD, GObject)

const char       *porch_doctor_record_get_name        (PorchDoctorRecord *self);   /* "www.example.org" */
/* What most companies want in their field for the name: "www"; "@" for the bare domain */
const char       *porch_doctor_record_get_short_name  (PorchDoctorRecord *self);
const char       *porch_doctor_record_get_record_type (PorchDoctorRecord *self);   /* "CNAME"; "ALIAS"; "NS" */
const char       *porch_doctor_record_get_value       (PorchDoctorRecord *self);
const char       *porch_doctor_record_get_found       (PorchDoctorRecord *self);   /* NULL: nothing, or nothing else */
PorchDoctorState  porch_doctor_record_get_state       (PorchDoctorRecord *self);
const char       *porch_doctor_record_get_purpose     (PorchDoctorRecord *self);   /* "Proves that the name is yours" */
/* The state in a sentence, also for screen readers: "Not there yet", "“192.0.2.80” is there instead" */
const char       *porch_doctor_record_get_text        (PorchDoctorRecord *self);

/* One step on the way from a name to the site. Stays the same from look to look. Properties "id", "code", "title", "state",
 * "sentence", "cause", "remedy", "records", "instructions", "until", "description"; all notify. */
G_DECLARE_FINAL_TYPE (PorchDoctorStep, porch_doctor_step, PORCH, DOCTOR_STEP, GObject)

const char       *porch_doctor_step_get_id            (PorchDoctorStep   *self);   /* "delegation", "records", "certificate", "distribution", "answer" */
const char       *porch_doctor_step_get_title         (PorchDoctorStep   *self);   /* "Certificate" */
PorchDoctorState  porch_doctor_step_get_state         (PorchDoctorStep   *self);
const char       *porch_doctor_step_get_sentence      (PorchDoctorStep   *self);   /* never NULL */
const char       *porch_doctor_step_get_cause         (PorchDoctorStep   *self);   /* NULL where there is nothing to explain */
const char       *porch_doctor_step_get_remedy        (PorchDoctorStep   *self);   /* NULL where there is nothing to do */
GListModel       *porch_doctor_step_get_records       (PorchDoctorStep   *self);   /* PorchDoctorRecord; never NULL, often empty */
/* How to do it, sentence by sentence, in the words of the company where it is done; NULL where there is nothing to do */
const char * const *porch_doctor_step_get_instructions (PorchDoctorStep  *self);
/* Title, state and all sentences in one, for screen readers and the clipboard */
const char       *porch_doctor_step_get_description   (PorchDoctorStep   *self);

/* A GListModel of the five steps, in this order; it has none while the site has no own address. Properties "site", "looking",
 * "watching", "state", "sentence", "works", "host-name", "host-uri", "last-looked" and "next-look", all with notify. */
G_DECLARE_FINAL_TYPE (PorchDomainDoctor, porch_domain_doctor, PORCH, DOMAIN_DOCTOR, GObject)

PorchDomainDoctor *porch_domain_doctor_new            (PorchSite         *site);
PorchSite        *porch_domain_doctor_get_site        (PorchDomainDoctor *self);
/* Looks at everything. Changes nothing anywhere. Resolves to TRUE when each step is known or unknown; a look that is underway
 * is joined. Dropping the future ends it. */
DexFuture        *porch_domain_doctor_look            (PorchDomainDoctor *self) G_GNUC_WARN_UNUSED_RESULT;
void              porch_domain_doctor_stop            (PorchDomainDoctor *self);
gboolean          porch_domain_doctor_is_looking      (PorchDomainDoctor *self);
/* Looks again by itself: every half minute while something is on its way, later every day. */
gboolean          porch_domain_doctor_get_watching    (PorchDomainDoctor *self);
void              porch_domain_doctor_set_watching    (PorchDomainDoctor *self,
                                                       gboolean           watching);
/* The whole: WRONG if any step is, else NOTICE, WAITING, UNKNOWN, GOOD; and a sentence about it, never NULL */
PorchDoctorState  porch_domain_doctor_get_state       (PorchDomainDoctor *self);
const char       *porch_domain_doctor_get_sentence    (PorchDomainDoctor *self);
/* Whether visitors reach the site at its own address: the step "answer" is GOOD or NOTICE */
gboolean          porch_domain_doctor_works           (PorchDomainDoctor *self);
GDateTime        *porch_domain_doctor_get_last_looked (PorchDomainDoctor *self);   /* NULL: never */
GDateTime        *porch_domain_doctor_get_next_look   (PorchDomainDoctor *self);   /* NULL: not watching */
/* The company that serves the name, and where the owner begins there */
const char       *porch_domain_doctor_get_host_name   (PorchDomainDoctor *self);   /* "GoDaddy"; NULL: not known */
const char       *porch_domain_doctor_get_host_uri    (PorchDomainDoctor *self);   /* NULL: not known */

JsonObject       *porch_domain_doctor_to_json         (PorchDomainDoctor *self);

G_END_DECLS
