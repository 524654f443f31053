/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "porch-folder.h"
#include "porch-practice.h"
#include "porch-publisher.h"
#include "porch-target.h"

G_BEGIN_DECLS

#define BUCKET_NAME "porchlight-test-bucket"

/* A pointer that is a variable: for tests that are not about the pointer. */
#define MEMORY_TYPE_POINTER (memory_pointer_get_type ())
G_DECLARE_FINAL_TYPE (MemoryPointer, memory_pointer, MEMORY, POINTER, GObject)

void memory_pointer_set (MemoryPointer     *self,
                         PorchPointerValue *value);

/* A practice cloud with a bucket, a store on this computer, and a folder to publish. */
typedef struct
{
  char          *state;
  char          *data;
  char          *root;
  PorchPractice *practice;
  AwsClient     *client;
  PorchStore    *store;
  PorchTarget   *target;
  PorchPointer  *pointer;
} Bucket;

Bucket             *bucket_new             (void);
void                bucket_free            (Bucket         *self);

/* The same cloud again, with other faults */
void                bucket_restart         (Bucket         *self,
                                            const char     *faults);

/* Another computer of the same owner: the same bucket and pointer, another store */
PorchTarget        *bucket_new_target      (Bucket         *self,
                                            PorchStore     *store);
PorchStore         *bucket_new_store       (char          **folder);

PorchPublishResult *bucket_publish         (Bucket         *self);
GError             *bucket_publish_fails   (Bucket         *self);
PorchManifest      *bucket_dup_live        (Bucket         *self);
guint               bucket_count_objects   (Bucket         *self,
                                            const char     *prefix);

/* Whether what is served is the folder at @root: bytes, headers, and nothing else but what was carried over */
gboolean            bucket_shows           (Bucket         *self,
                                            const char     *root);
void                bucket_assert_shows    (Bucket         *self,
                                            const char     *root);

/* Ten files in three folders and at the top, with odd names, an empty one, and two of the same content */
void                bucket_make_tree       (const char     *root);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Bucket, bucket_free)

G_END_DECLS
