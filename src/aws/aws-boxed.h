/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib-object.h>

/* Values that never change once they are shared are structs on g_rc_box with a
 * boxed type. These two macros write the part that is the same for all of them:
 * get_type, ref, unref and the g_autoptr() clean-up.
 */
#define AWS_DECLARE_BOXED(TypeName, type_name) \
  typedef struct _##TypeName TypeName; \
  GType     type_name##_get_type (void) G_GNUC_CONST; \
  TypeName *type_name##_ref      (TypeName *self); \
  void      type_name##_unref    (TypeName *self); \
  G_DEFINE_AUTOPTR_CLEANUP_FUNC (TypeName, type_name##_unref)

#define AWS_DEFINE_BOXED(TypeName, type_name, clear_func) \
  G_DEFINE_BOXED_TYPE (TypeName, type_name, type_name##_ref, type_name##_unref) \
  \
  TypeName * \
  type_name##_ref (TypeName *self) \
  { \
    return g_atomic_rc_box_acquire (self); \
  } \
  \
  void \
  type_name##_unref (TypeName *self) \
  { \
    g_atomic_rc_box_release_full (self, (GDestroyNotify) clear_func); \
  }

#define AWS_DEFINE_GETTER(TypeName, type_name, ctype, field) \
  ctype \
  type_name##_get_##field (TypeName *self) \
  { \
    g_return_val_if_fail (self != NULL, (ctype) 0); \
    \
    return self->field; \
  }
