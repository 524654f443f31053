/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "aws-client.h"
#include "aws-headers.h"

G_BEGIN_DECLS

#define FAKE_AWS_KEY    "AKIDEXAMPLE"
#define FAKE_AWS_SECRET "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
#define FAKE_AWS_REGION "eu-central-1"

#define FAKE_TYPE_AWS (fake_aws_get_type ())

G_DECLARE_FINAL_TYPE (FakeAws, fake_aws, FAKE, AWS, GObject)

/* A server on a free local port that answers as it was told, one answer after the other, and remembers what it was
 * asked. Every request must be signed, and rightly so. */
FakeAws    *fake_aws_new              (void);
AwsClient  *fake_aws_new_client       (FakeAws    *self);
const char *fake_aws_get_endpoint     (FakeAws    *self);

/* @headers: "Name: value" lines, or NULL */
void        fake_aws_answer           (FakeAws    *self,
                                       guint       status,
                                       const char *headers,
                                       const char *body);
void        fake_aws_answer_bytes     (FakeAws    *self,
                                       guint       status,
                                       const char *headers,
                                       GBytes     *body);
/* What goes over the wire to the last byte; then the connection is cut */
void        fake_aws_answer_raw       (FakeAws    *self,
                                       const char *text);
void        fake_aws_hang             (FakeAws    *self);
/* From now on no request may be signed */
void        fake_aws_expect_unsigned  (FakeAws    *self);

guint       fake_aws_get_n_requests    (FakeAws    *self);
guint       fake_aws_get_n_connections (FakeAws    *self);
const char *fake_aws_get_method        (FakeAws    *self,
                                        guint       index);
const char *fake_aws_get_path          (FakeAws    *self,
                                        guint       index);
const char *fake_aws_get_query         (FakeAws    *self,
                                        guint       index);
const char *fake_aws_get_header        (FakeAws    *self,
                                        guint       index,
                                        const char *name);
const char *fake_aws_get_body          (FakeAws    *self,
                                        guint       index);
guint64     fake_aws_get_body_length   (FakeAws    *self,
                                        guint       index);
const char *fake_aws_get_body_sha256   (FakeAws    *self,
                                        guint       index);

/* Takes the last reference that the test has, and waits until nobody else has one */
void        fake_aws_assert_gone       (AwsClient  *client);

G_END_DECLS
