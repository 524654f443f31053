/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>
#include <libdex.h>

#include "aws-client.h"

G_BEGIN_DECLS

/**
 * PorchRole:
 * @PORCH_ROLE_OWNER: makes and deletes sites, reads messages, sees what it costs
 * @PORCH_ROLE_EDITOR: publishes, goes back to an earlier version, refreshes the cache, and nothing else
 *
 * What a person may do with the sites of an account.
 */
typedef enum
{
  PORCH_ROLE_OWNER,
  PORCH_ROLE_EDITOR,
} PorchRole;

/**
 * PorchPermissionState:
 * @PORCH_PERMISSION_UNCHECKED: not checked yet, or it could not be checked; never a reason to stop
 * @PORCH_PERMISSION_ALLOWED: everything that the feature needs is allowed
 * @PORCH_PERMISSION_MISSING: the person who administers the account can allow it
 * @PORCH_PERMISSION_BLOCKED: forbidden by the organization or the kind of the account: no policy of a user changes that
 *
 * What the permission check found about one feature.
 */
typedef enum
{
  PORCH_PERMISSION_UNCHECKED,
  PORCH_PERMISSION_ALLOWED,
  PORCH_PERMISSION_MISSING,
  PORCH_PERMISSION_BLOCKED,
} PorchPermissionState;

#define PORCH_TYPE_ROLE (porch_role_get_type ())
#define PORCH_TYPE_PERMISSION_STATE (porch_permission_state_get_type ())
#define PORCH_TYPE_PERMISSION (porch_permission_get_type ())

GType                 porch_role_get_type              (void) G_GNUC_CONST;
GType                 porch_permission_state_get_type  (void) G_GNUC_CONST;

const char           *porch_role_to_string             (PorchRole         role);
gboolean              porch_role_from_string           (const char       *text,
                                                        PorchRole        *role);

/* One feature: an item of the lists below. Properties of the same names as the getters, plus "state". */
G_DECLARE_FINAL_TYPE (PorchPermission, porch_permission, PORCH, PERMISSION, GObject)

const char           *porch_permission_get_id          (PorchPermission  *self);   /* "publish" */
const char           *porch_permission_get_title       (PorchPermission  *self);   /* "Publish" */
const char           *porch_permission_get_subtitle    (PorchPermission  *self);   /* what works, or what doesn't, by state */
PorchPermissionState  porch_permission_get_state       (PorchPermission  *self);
gboolean              porch_permission_is_essential    (PorchPermission  *self);   /* no site without it */
/* "s3:PutObject", for a details view; never NULL */
const char * const   *porch_permission_get_missing     (PorchPermission  *self);

/* The features of a role, not checked yet: a list of PorchPermission. */
GListModel           *porch_permissions_new_list       (PorchRole         role);

/* Checks all of @permissions (of porch_permissions_new_list()); the items change as answers come in. Resolves to the
 * number of features that are not allowed; rejected if it could not be checked (all items stay unchecked). */
DexFuture            *porch_permissions_check          (GListModel       *permissions,
                                                        AwsClient        *client,
                                                        const char       *arn) G_GNUC_WARN_UNUSED_RESULT;

/* The policy for the person who administers the account, as AWS takes it: JSON, indented. */
char                 *porch_permissions_dup_policy     (PorchRole         role);

G_END_DECLS
