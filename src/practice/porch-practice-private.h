/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <json-glib/json-glib.h>
#include <libsoup/soup.h>

#include "aws-xml.h"
#include "porch-practice.h"
#include "porch-practice-db.h"

G_BEGIN_DECLS

/* All of the practice cloud but PorchPractice itself lives on one thread, the server's: it has its own GMainContext
 * (thread-default there, so GSources made by g_timeout_source_new() + attach to practice->context run on it), and no
 * module needs a lock. A module never blocks that thread for long; what takes time is a source of the context. */

typedef struct _Practice Practice;
typedef struct _PracticeCall PracticeCall;
typedef struct _PracticeFaults PracticeFaults;
typedef struct _PracticePrincipal PracticePrincipal;
typedef struct _PracticeResolver PracticeResolver;

typedef enum
{
  PRACTICE_PROTOCOL_S3,         /* rest-xml with S3's own errors */
  PRACTICE_PROTOCOL_REST_XML,   /* CloudFront, Route 53 */
  PRACTICE_PROTOCOL_QUERY,      /* STS, IAM, CloudFormation */
  PRACTICE_PROTOCOL_JSON_1_0,   /* DynamoDB */
  PRACTICE_PROTOCOL_JSON_1_1,   /* ACM, Logs */
  PRACTICE_PROTOCOL_REST_JSON,  /* KeyValueStore, Lambda, SES */
  PRACTICE_PROTOCOL_SITE,       /* no AWS protocol: a visitor's request to a site */
} PracticeProtocol;

/* Answers @call now, or takes a reference and answers later; a handler that returns without an answer leaves the
 * message waiting. Exactly one answer is given per call. */
typedef void (*PracticeHandler) (PracticeCall *call);

typedef struct
{
  const char       *name;             /* signing name: "s3", "dynamodb" */
  PracticeProtocol  protocol;
  const char       *xmlns;            /* of answers and errors; query and rest-xml only */
  const char       *target_prefix;    /* json only: "DynamoDB_20120810", without the dot */
  PracticeHandler   handle;
  /* Names the operation ("PutObject") from method, path and query; NULL for query and json, where the request says it.
   * Returns NULL for an operation that does not exist. */
  const char     *(*name_operation) (PracticeCall *call);
  /* S3: called when the headers are in and the signature is checked. When it returns TRUE, the body is given in pieces
   * to receive_body and handle runs after the last one. */
  gboolean        (*begin_body) (PracticeCall *call);
  void            (*receive_body) (PracticeCall *call,
                                   GBytes       *piece);
  /* Only SigV4A is accepted (KeyValueStore). */
  gboolean          asymmetric_only;
  /* Bodies need not be JSON objects; the handler reads them, call->json is NULL. */
  gboolean          raw_bodies;
  /* rest-json only: the member of an error that holds the text, "message" unless given. */
  const char       *message_member;
} PracticeService;

/* Requests that nobody signs, to the address of the cloud itself: by method and path. Those without an operation are
 * pages for browsers (PRACTICE_PROTOCOL_SITE); bodies of the others are JSON. */
typedef struct
{
  const char       *method;
  const char       *path;
  const char       *operation;
  PracticeHandler   handle;
} PracticeRoute;

/* Visitors' hosts: "<label>.localhost". The first registered handler that says a host (no port, lower case) is its
 * own gets the unsigned requests to it. */
typedef gboolean (*PracticeOwnsHost) (Practice   *practice,
                                      const char *host);

struct _Practice
{
  GMainContext    *context;
  SoupServer      *server;
  PracticeDb      *db;
  PracticeFaults  *faults;

  char            *folder;            /* the state folder */
  char            *objects_folder;
  char            *outbox_folder;     /* one .eml file per mail */
  char            *account;           /* 12 digits */
  const char      *region;            /* the default one; any is accepted */
  char            *endpoint;          /* "http://127.0.0.1:PORT" */
  guint            port;
  double           delay_factor;      /* 1.0 is as long as AWS takes */

  char            *access_key_id;     /* the account's own user; no policy limits it */
  char            *secret_access_key;
  char            *user_arn;

  /* Set by the edge: paths of a distribution are to be forgotten. */
  void           (*invalidated) (Practice           *practice,
                                 const char         *distribution_id,
                                 const char * const *paths);

  PracticeResolver *resolver;         /* the name server of the practice internet */
  struct _PracticeCache *dns_cache;   /* what it remembers */
  guint             dns_turn;         /* whose turn it is among name servers that don't agree */

  /* Of ACM: the next look at the DNS, NULL while nothing waits for it. */
  gpointer         next_look;

  /*< server's own >*/
  GPtrArray       *services;
  GPtrArray       *host_handlers;
  GPtrArray       *routes;
  GHashTable      *later;
  guint            n_modules;         /* that were started */
  GPtrArray       *held;              /* PracticeCall, faults that get no answer */
  GPtrArray       *trace;             /* a line for each AWS call that was answered; NULL unless somebody wants it */
  void           (*call_held) (gpointer data);
  gpointer         call_held_data;
};

/* Who signed. */
struct _PracticePrincipal
{
  char     *arn;          /* user's ARN, or arn:aws:sts::A:assumed-role/NAME/SESSION */
  char     *user_id;
  char     *role_arn;     /* of the role that was assumed */
  char     *user_arn;     /* of a user with limits; both NULL for the account's own user: that one may do everything */
};

struct _PracticeCall
{
  grefcount               ref_count;

  Practice               *practice;
  SoupServerMessage      *message;
  const PracticeService  *service;         /* NULL when it is a visitor's request */
  PracticeProtocol        protocol;

  const char             *method;
  const char             *host;            /* lower case, without the port */
  const char             *authority;       /* Host header as sent */
  const char             *raw_path;        /* as on the wire, percent-encoded */
  const char             *path;            /* decoded; "" of invalid encodings never gets here */
  const char             *raw_query;       /* without "?", may be NULL */
  GHashTable             *query;           /* decoded names to decoded values, "" for a name without value */
  SoupMessageHeaders     *headers;
  GBytes                 *body;            /* complete; NULL when it was streamed to disk (S3) or is too large */
  gboolean                body_too_large;  /* more than PRACTICE_BODY_LIMIT was sent to something that is not S3 */

  char                   *operation;       /* "CreateStack", NULL when unknown */
  char                   *region;          /* of the credential scope */
  gboolean                any_region;      /* SigV4A: signed for all of them */
  char                   *request_id;
  PracticePrincipal      *principal;       /* NULL for visitors and anonymous callers */

  GHashTable             *form;            /* query protocol: names to values */
  JsonObject             *json;            /* json protocols: the body, never NULL there */

  gboolean                stale_etag;      /* fault: behave as if another writer had been faster */
  gboolean                old_token;       /* fault: session tokens as the global STS endpoint gives them, of version 1 */
  gint64                  clock_offset;    /* fault: seconds that the server's clock is off */
  const char             *failure;         /* fault: how what is begun here is to fail later; NULL for not at all */

  gboolean                answered;

  /*< server's own >*/
  PracticeHandler         handle;
  gpointer                upload;          /* of S3, while a body is streamed */
  GDestroyNotify          free_upload;
  gpointer                auth;            /* PracticeAuth, after the signature was checked */
  GByteArray             *collected;       /* the body so far */
  char                   *decoded_path;
  char                   *lower_host;
  gboolean                complete;        /* all of the request is there */
  gboolean                paused;
  gboolean                is_unsigned;     /* and need not be signed */
  gboolean                gone;            /* the client hung up */
  gboolean                cut_after;       /* fault: do the work, then cut the connection instead of answering */
  gboolean                hold_after;      /* fault: do the work, then don't answer */
};

#define PRACTICE_BODY_LIMIT (16 * 1024 * 1024)
#define PRACTICE_REGION "eu-central-1"

/* ---- porch-practice-modules.c: every module, in order of start ---- */

/* init: makes tables, registers services, takes up what was under way. shutdown: frees what init made. */
typedef struct
{
  const char  *name;
  gboolean   (*init)     (Practice  *practice,
                          GError   **error);
  void       (*shutdown) (Practice  *practice);
} PracticeModule;

extern const PracticeModule practice_modules[];
extern const guint          practice_n_modules;

/* ---- porch-practice-server.c ---- */

void         practice_register_service  (Practice              *practice,
                                         const PracticeService *service);   /* static storage */
void         practice_register_hosts    (Practice              *practice,
                                         PracticeOwnsHost       owns,
                                         PracticeHandler        handle);

/* @routes is in static storage and ends with a method that is NULL; @service is registered by this too. */
void         practice_register_routes   (Practice              *practice,
                                         const PracticeService *service,
                                         const PracticeRoute   *routes);
/* "a=1&b=2", decoded */
GHashTable  *practice_parse_pairs       (const char            *text);

/* Runs @function once on the server's thread after @msec; 0 is "soon, after this call". Returns a handle for
 * practice_cancel_later(). All of them are dropped (with @destroy) when the server stops. */
gpointer     practice_later             (Practice              *practice,
                                         guint                  msec,
                                         GSourceFunc            function,
                                         gpointer               data,
                                         GDestroyNotify         destroy);
void         practice_cancel_later      (Practice              *practice,
                                         gpointer               handle);

/* How many milliseconds something lasts here that lasts @seconds at AWS. */
guint        practice_scale_delay       (Practice              *practice,
                                         double                 seconds);

gint64       practice_now               (void);                             /* microseconds since 1970 */
char        *practice_format_time       (gint64                 time);      /* 2026-11-20T10:00:00.123Z */
char        *practice_random_id         (guint                  length,
                                         const char            *alphabet);  /* NULL: A-Z0-9 */
char        *practice_uuid              (void);

/* ---- porch-practice-call.c ---- */

PracticeCall *practice_call_ref         (PracticeCall          *call);
void          practice_call_unref       (PracticeCall          *call);

const char   *practice_call_get_query   (PracticeCall          *call,
                                         const char            *name);      /* NULL when absent */
const char   *practice_call_get_header  (PracticeCall          *call,
                                         const char            *name);
const char   *practice_call_get_form    (PracticeCall          *call,
                                         const char            *name);
gint64        practice_call_now         (PracticeCall          *call);      /* practice_now() with the fault's offset */

/* Sets a header of the answer; call it before answering. */
void          practice_call_set_header  (PracticeCall          *call,
                                         const char            *name,
                                         const char            *value);

/* Whether a handler should still go on: FALSE once the client hung up. */
gboolean      practice_call_is_alive    (PracticeCall          *call);

/* The answer. @content_type may be NULL for an empty body; @body is borrowed. */
void          practice_call_answer      (PracticeCall          *call,
                                         guint                  status,
                                         const char            *content_type,
                                         GBytes                *body);
void          practice_call_answer_text (PracticeCall          *call,
                                         guint                  status,
                                         const char            *content_type,
                                         const char            *text);
void          practice_call_answer_empty (PracticeCall         *call,
                                         guint                  status);
/* The pieces follow each other in the body; nothing is copied, so mapped files are sent straight from disk. */
void          practice_call_answer_pieces (PracticeCall        *call,
                                         guint                  status,
                                         const char            *content_type,
                                         GPtrArray             *pieces);
/* Takes @object. Content type by the call's protocol. */
void          practice_call_answer_json (PracticeCall          *call,
                                         guint                  status,
                                         JsonObject            *object);
/* @xml is the whole document without the XML declaration. */
void          practice_call_answer_xml  (PracticeCall          *call,
                                         guint                  status,
                                         const char            *xml);
/* Query protocol: wraps @result_xml (the inside of <OperationResult>, may be NULL for none) with metadata, status 200. */
void          practice_call_answer_query (PracticeCall         *call,
                                         const char            *result_xml);

/* AWS's error in the form of the call's protocol. */
void          practice_call_answer_error (PracticeCall         *call,
                                         guint                  status,
                                         const char            *code,
                                         const char            *format,
                                         ...) G_GNUC_PRINTF (4, 5);
/* The same with more elements (S3: "<Region>eu-west-1</Region>"; JSON protocols: members as an object, taken). */
void          practice_call_answer_error_extra (PracticeCall   *call,
                                         guint                  status,
                                         const char            *code,
                                         const char            *extra_xml,
                                         JsonObject            *extra_json,
                                         const char            *message);
/* What a service answers to an operation it does not have, by protocol. */
void          practice_call_answer_unknown_operation (PracticeCall *call);
/* InternalError of the protocol, for our own failures (the disk is full); the message is logged and sent. */
void          practice_call_answer_internal (PracticeCall      *call,
                                         const GError          *error);

/* ---- porch-practice-auth.c ---- */

/* Whether somebody signed at all (any scheme). */
gboolean      practice_auth_is_signed   (PracticeCall          *call);

/* ---- porch-practice-faults.c ---- */

PracticeFaults *practice_faults_parse   (const char            *spec,
                                         GError               **error);
void          practice_faults_free      (PracticeFaults        *faults);
/* What happens to a call that a function makes: FALSE with an error, or a line that breaks before or after the work. */
gboolean      practice_faults_apply_to_function (Practice     *practice,
                                         const char            *service,
                                         const char            *operation,
                                         gboolean              *cut_before,
                                         gboolean              *cut_after,
                                         GError               **error);

/* What happens to a resource that a stack makes or changes: FALSE with the reason when it fails. */
gboolean      practice_faults_provision (Practice              *practice,
                                         const char            *type,
                                         const char            *name,
                                         gboolean               is_rollback,
                                         GError               **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PracticeCall, practice_call_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PracticeFaults, practice_faults_free)

G_END_DECLS
