/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "porch-practice-private.h"

G_BEGIN_DECLS

/* What the listener, the signatures and the faults know of each other. Services need none of it. */

/* ---- porch-practice-server.c ---- */

/* Opens the state, starts the modules, listens. */
Practice *practice_new        (const char      *folder,
                               GMainContext    *context,
                               guint            port,
                               const char      *faults,
                               double           delay_factor,
                               GError         **error);
void      practice_free       (Practice        *practice);

/* Closes the connection where it is. */
void      practice_call_cut   (PracticeCall    *call);

/* Lets the client wait until there are other faults, which cut the connection. */
void      practice_call_hold  (PracticeCall    *call);

/* Takes @faults, from now on. */
void      practice_take_faults (Practice       *practice,
                                PracticeFaults *faults);

/* ---- porch-practice-auth.c ---- */

typedef struct _PracticeAuth PracticeAuth;

typedef enum
{
  PRACTICE_PAYLOAD_HASHED,            /* the SHA-256 is known */
  PRACTICE_PAYLOAD_UNSIGNED,
  PRACTICE_PAYLOAD_CHUNKED,           /* aws-chunked, signed chunks */
  PRACTICE_PAYLOAD_CHUNKED_TRAILER,   /* the same with a signed trailer */
  PRACTICE_PAYLOAD_UNSIGNED_TRAILER,  /* aws-chunked, unsigned, with a trailer */
} PracticePayload;

/* The service that the signature names, or NULL; works before the signature is checked. */
char            *practice_auth_dup_service     (PracticeCall  *call);

/* Checks everything about the signature that can be known. S3 needs only headers for it; the others need call->body.
 * Sets call->principal and call->region, or answers with the protocol's error and returns FALSE.
 * Unsigned calls of S3 pass with call->principal NULL: bucket policies decide. */
gboolean         practice_auth_check           (PracticeCall  *call);

PracticePayload  practice_auth_get_payload     (PracticeAuth  *auth);
const char      *practice_auth_get_sha256      (PracticeAuth  *auth);

/* The signature of one chunk, in hex, given the one before (NULL: the header's). @kind is the algorithm line. */
char            *practice_auth_sign_chunk      (PracticeAuth  *auth,
                                                const char    *kind,
                                                const char    *previous,
                                                const char    *data_hash);
void             practice_auth_free            (gpointer       auth);

/* ---- porch-practice-sts.c ---- */

typedef struct
{
  char    *secret;
  char    *token;      /* NULL for a user's key */
  gint64   expires;    /* microseconds; 0: never */
  char    *arn;
  char    *user_id;
  char    *role_arn;
  char    *user_arn;   /* of a user whom policies limit */
} PracticeKey;

PracticeKey     *practice_key_lookup           (Practice      *practice,
                                                const char    *access_key_id);
void             practice_key_free             (PracticeKey   *key);

/* ---- porch-practice-faults.c ---- */

typedef enum
{
  PRACTICE_FAULT_NONE,      /* go on (perhaps with a stale ETag or a wrong clock) */
  PRACTICE_FAULT_ANSWERED,  /* an error was answered, or the connection cut */
  PRACTICE_FAULT_DELAYED,   /* practice_call_dispatch() comes back to it later */
} PracticeFaultEffect;

/* Before the signature is looked at: skewed clocks. */
void                 practice_faults_prepare  (PracticeCall  *call);
guint                practice_faults_visit    (PracticeCall  *call);
PracticeFaultEffect  practice_faults_apply    (PracticeCall  *call,
                                               GSourceFunc    resume);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PracticeKey, practice_key_free)

G_END_DECLS
