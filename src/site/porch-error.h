/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define PORCH_ERROR (porch_error_quark ())

/**
 * PorchError:
 * @PORCH_ERROR_FAILED: anything nobody decides by
 * @PORCH_ERROR_NAME: a name of a site or account can't be used
 * @PORCH_ERROR_MAIL: a mail address can't be used
 * @PORCH_ERROR_REGION: a region can't be used
 * @PORCH_ERROR_KEYS: access keys that can't be right
 * @PORCH_ERROR_SIGN_IN: the account has no usable keys at the moment
 * @PORCH_ERROR_PRACTICE_OFF: the practice cloud isn't running
 * @PORCH_ERROR_NOT_FOUND: no such account, site, release, message or operation
 * @PORCH_ERROR_EXISTS: it is there already
 * @PORCH_ERROR_IN_USE: an account that still has sites
 * @PORCH_ERROR_BUSY: another operation works on the same site
 * @PORCH_ERROR_STOPPED: stopped, with work left to take up again
 * @PORCH_ERROR_STORE: the local record can't be read or written
 * @PORCH_ERROR_STORE_NEWER: the local record was written by a newer version
 * @PORCH_ERROR_DISK_FULL: no room on the disk
 * @PORCH_ERROR_KEYRING: the keyring is missing or locked
 * @PORCH_ERROR_STACK: making or changing the site's resources failed
 * @PORCH_ERROR_UNVERIFIED: the account has to be verified first
 * @PORCH_ERROR_NOT_OURS: the resource doesn't carry the site's mark
 * @PORCH_ERROR_ADDRESS: the site's address doesn't answer as it should
 * @PORCH_ERROR_EXPORT: the messages couldn't be saved
 * @PORCH_ERROR_FOLDER_UNREADABLE: the folder is missing or unreadable
 * @PORCH_ERROR_FOLDER_EMPTY: nothing to publish
 * @PORCH_ERROR_FILE_CHANGED: files changed while they were read
 * @PORCH_ERROR_FOLDER_FINDINGS: the folder has findings that forbid publishing
 * @PORCH_ERROR_FILE_NAME: a file name can't be published
 * @PORCH_ERROR_RELEASE_LIVE: the release is live and can't be removed
 * @PORCH_ERROR_DAMAGED: a manifest or the pointer can't be read
 * @PORCH_ERROR_CHANGED_ELSEWHERE: somebody else changed the same thing meanwhile
 * @PORCH_ERROR_FORM_OFF: the site has no contact form
 * @PORCH_ERROR_FILE_UNREADABLE: a file of the folder can't be read
 * @PORCH_ERROR_RELEASE_GONE: the release is not there any more
 * @PORCH_ERROR_NOT_SENT: a file could not be sent
 * @PORCH_ERROR_STORE_DAMAGED: the local record is damaged
 * @PORCH_ERROR_SIGN_IN_LATE: signing in took too long
 * @PORCH_ERROR_SIGN_IN_REFUSED: signing in was refused in the browser
 * @PORCH_ERROR_OTHER_ACCOUNT: somebody signed in to another account than the one to renew
 * @PORCH_ERROR_CODE: a code that can't be right
 * @PORCH_ERROR_PROFILE: a profile that can't be used
 * @PORCH_ERROR_SIGN_IN_PAGE: an address that is none of a sign-in page
 * @PORCH_ERROR_ARCHIVE: an archive can't be unpacked
 * @PORCH_ERROR_NOT_BUILT: a project whose site has not been made yet
 * @PORCH_ERROR_INCOMPLETE: the check after sending found something missing
 * @PORCH_ERROR_NOT_SHOWN: the start page of what went live does not answer as it should
 * @PORCH_ERROR_DOMAIN: a name that can't be the address of a site
 * @PORCH_ERROR_DNS: the name servers could not be asked
 * @PORCH_ERROR_IN_THE_WAY: something would be replaced that the owner has not agreed to
 * @PORCH_ERROR_CLAIMED: the name shows something else at the same provider
 * @PORCH_ERROR_CERTIFICATE: a certificate was refused
 * @PORCH_ERROR_CERTIFICATE_ENDS: a certificate will not be renewed as things are
 * @PORCH_ERROR_CAA: the domain forbids the certificate
 * @PORCH_ERROR_PRICE: a domain costs something else than was agreed to
 * @PORCH_ERROR_NOT_BOUGHT: a domain could not be bought
 * @PORCH_ERROR_CONTACT: details of the owner of a domain can't be used
 * @PORCH_ERROR_REPLACES: a change would make a part anew that holds files, messages or the address
 * @PORCH_ERROR_FORM_PATH: a path that a form can't be sent to, or that is no page
 * @PORCH_ERROR_FORM_SILENT: a test message was not taken by the site's form
 * @PORCH_ERROR_FORM_LOST: a test message was taken, but is not in the inbox
 * @PORCH_ERROR_FORM_MAIL: a test message arrived, but nobody is told of messages
 * @PORCH_ERROR_FORM_THANKS: a test message arrived, but visitors don't see that
 *
 * What the rules of the engine say. The message is a plain sentence for people; `PorchProblem` adds a title and a remedy.
 */
typedef enum
{
  PORCH_ERROR_FAILED,
  PORCH_ERROR_NAME,
  PORCH_ERROR_MAIL,
  PORCH_ERROR_REGION,
  PORCH_ERROR_KEYS,
  PORCH_ERROR_SIGN_IN,
  PORCH_ERROR_PRACTICE_OFF,
  PORCH_ERROR_NOT_FOUND,
  PORCH_ERROR_EXISTS,
  PORCH_ERROR_IN_USE,
  PORCH_ERROR_BUSY,
  PORCH_ERROR_STOPPED,
  PORCH_ERROR_STORE,
  PORCH_ERROR_STORE_NEWER,
  PORCH_ERROR_DISK_FULL,
  PORCH_ERROR_KEYRING,
  PORCH_ERROR_STACK,
  PORCH_ERROR_UNVERIFIED,
  PORCH_ERROR_NOT_OURS,
  PORCH_ERROR_ADDRESS,
  PORCH_ERROR_EXPORT,
  PORCH_ERROR_FOLDER_UNREADABLE,
  PORCH_ERROR_FOLDER_EMPTY,
  PORCH_ERROR_FILE_CHANGED,
  PORCH_ERROR_FOLDER_FINDINGS,
  PORCH_ERROR_FILE_NAME,
  PORCH_ERROR_RELEASE_LIVE,
  PORCH_ERROR_DAMAGED,
  PORCH_ERROR_CHANGED_ELSEWHERE,
  PORCH_ERROR_FORM_OFF,
  PORCH_ERROR_FILE_UNREADABLE,
  PORCH_ERROR_RELEASE_GONE,
  PORCH_ERROR_NOT_SENT,
  PORCH_ERROR_ARCHIVE,
  PORCH_ERROR_NOT_BUILT,
  PORCH_ERROR_INCOMPLETE,
  PORCH_ERROR_STORE_DAMAGED,
  PORCH_ERROR_SIGN_IN_LATE,
  PORCH_ERROR_SIGN_IN_REFUSED,
  PORCH_ERROR_OTHER_ACCOUNT,
  PORCH_ERROR_CODE,
  PORCH_ERROR_PROFILE,
  PORCH_ERROR_SIGN_IN_PAGE,
  PORCH_ERROR_NOT_SHOWN,
  PORCH_ERROR_DOMAIN,
  PORCH_ERROR_DNS,
  PORCH_ERROR_IN_THE_WAY,
  PORCH_ERROR_CLAIMED,
  PORCH_ERROR_CERTIFICATE,
  PORCH_ERROR_CERTIFICATE_ENDS,
  PORCH_ERROR_CAA,
  PORCH_ERROR_PRICE,
  PORCH_ERROR_NOT_BOUGHT,
  PORCH_ERROR_CONTACT,
  PORCH_ERROR_REPLACES,
  PORCH_ERROR_FORM_PATH,
  PORCH_ERROR_FORM_SILENT,
  PORCH_ERROR_FORM_LOST,
  PORCH_ERROR_FORM_MAIL,
  PORCH_ERROR_FORM_THANKS,
} PorchError;

GQuark       porch_error_quark         (void);

gboolean     porch_error_is_cancelled  (const GError *error);
void         porch_error_set_details   (GError       *error,
                                        const char   *details);
const char  *porch_error_get_details   (const GError *error);

G_END_DECLS
