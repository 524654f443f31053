/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* What a window, and a notification, say of an own address: that it works, that it does not, what its owner has to do, and that
 * nothing is bought at a price that nobody saw.
 */

#include "config.h"

#include "../site/cloud-util.h"
#include "../site/doctor-cases.h"
#include "picture.h"

#include "porch-address-health-row.h"
#include "porch-address-news.h"
#include "porch-address-review-page.h"
#include "porch-certificate-health-row.h"
#include "porch-certificate.h"
#include "porch-confirm-row.h"
#include "porch-site-private.h"
#include "test-util.h"

#include "aws-document.h"
#include "aws-json.h"

#include <adwaita.h>
#include <string.h>

#define WIDTH 360
#define APPLICATION "io.github.porchlight_app.Porchlight.Test"

/* What stands in for the part of the desktop that shows notifications */
static const char introspection[] =
  "<node><interface name='org.gtk.Notifications'>"
  "<method name='AddNotification'><arg type='s' direction='in'/><arg type='s' direction='in'/><arg type='a{sv}' direction='in'/></method>"
  "<method name='RemoveNotification'><arg type='s' direction='in'/><arg type='s' direction='in'/></method>"
  "</interface></node>";

static GString *told;

static void
notification_cb (GDBusConnection       *connection,
                 const char            *sender,
                 const char            *path,
                 const char            *interface,
                 const char            *method,
                 GVariant              *parameters,
                 GDBusMethodInvocation *invocation,
                 gpointer               user_data)
{
  g_autoptr(GVariant) content = NULL;
  const char *title = "";

  if (g_str_equal (method, "AddNotification"))
    {
      content = g_variant_get_child_value (parameters, 2);
      g_variant_lookup (content, "title", "&s", &title);
      g_string_append_printf (told, "%s;", title);
    }
  else
    {
      g_string_append (told, "gone;");
    }

  g_dbus_method_invocation_return_value (invocation, NULL);
}

static GDBusConnection *
stand_in (void)
{
  static const GDBusInterfaceVTable vtable = { notification_cb, NULL, NULL, { NULL } };
  g_autoptr(GError) error = NULL;
  g_autoptr(GDBusNodeInfo) node = g_dbus_node_info_new_for_xml (introspection, &error);
  GDBusConnection *bus = g_bus_get_sync (G_BUS_TYPE_SESSION, NULL, &error);
  g_autoptr(GVariant) answer = NULL;

  g_assert_no_error (error);
  g_dbus_connection_register_object (bus, "/org/gtk/Notifications", node->interfaces[0], &vtable, NULL, NULL, &error);
  g_assert_no_error (error);
  answer = g_dbus_connection_call_sync (bus, "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "RequestName",
                                        g_variant_new ("(su)", "org.gtk.Notifications", 4), NULL, G_DBUS_CALL_FLAGS_NONE, -1, NULL,
                                        &error);
  g_assert_no_error (error);

  return bus;
}

/* Waits until all was told that should be, and compares it. */
static void
assert_told (const char *expected)
{
  for (guint i = 0; i < 500 && told->len < strlen (expected); i++)
    cloud_pause (10);

  g_assert_cmpstr (told->str, ==, expected);
  g_string_truncate (told, 0);
}

static void
set_address (PorchSite         *site,
             PorchAddressState  state)
{
  g_autoptr(PorchDomainName) name = porch_domain_name_parse ("www.example.org", PORCH_DOMAIN_DEFAULT, NULL);
  g_autoptr(PorchAddress) address = porch_address_new (PORCH_ADDRESS_ELSEWHERE, name, NULL);
  g_autoptr(PorchAddress) changed = porch_address_with_state (address, state);

  porch_site_set_own_address (site, changed);
}

/* Only what a test says is seen: the doctor does not look at the internet himself. */
static void
hush (PorchSite *site)
{
  porch_domain_doctor_set_watching (porch_site_get_doctor (site), FALSE);
  porch_domain_doctor_stop (porch_site_get_doctor (site));
}

static void
see (PorchSite *site,
     Change     change)
{
  g_autoptr(PorchDoctorFacts) facts = build_facts ();

  change (facts);
  porch_domain_doctor_take_facts (porch_site_get_doctor (site), facts);
  hush (site);
}

static void
assert_says (GtkWidget  *row,
             const char *words)
{
  const char *text = adw_action_row_get_subtitle (ADW_ACTION_ROW (row));
  g_autoptr(GString) plain = g_string_new (NULL);

  /* Names are isolated from the direction of the text around them */
  for (const char *at = text; *at != '\0'; at = g_utf8_next_char (at))
    if (g_unichar_type (g_utf8_get_char (at)) != G_UNICODE_FORMAT)
      g_string_append_unichar (plain, g_utf8_get_char (at));

  g_assert_true (gtk_widget_get_visible (row));

  if (strstr (plain->str, words) == NULL)
    g_error ("“%s” does not say “%s”", plain->str, words);
}

static GtkWidget *
create_row (GtkWidget *group,
            GType      type,
            PorchSite *site)
{
  GtkWidget *row = g_object_new (type, "site", site, NULL);

  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), row);

  return row;
}

static GtkWidget *
create_window (GtkWidget *child)
{
  GtkWidget *window = gtk_window_new ();

  gtk_window_set_child (GTK_WINDOW (window), child);
  gtk_window_set_default_size (GTK_WINDOW (window), WIDTH, -1);
  gtk_window_present (GTK_WINDOW (window));

  return window;
}

static void
set_certificate (PorchSite  *site,
                 const char *missing)
{
  const char *names[] = { missing, NULL };
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(JsonObject) object = NULL;
  g_autoptr(AwsCertificate) certificate = NULL;
  g_autoptr(PorchCertificate) seen = NULL;
  g_autoptr(GDateTime) now = g_date_time_new_now_utc ();
  g_autofree char *json = NULL;

  json = g_strdup_printf ("{\"CertificateArn\": \"arn:1\", \"DomainName\": \"www.example.org\","
                          " \"SubjectAlternativeNames\": [\"www.example.org\"], \"Status\": \"ISSUED\", \"NotAfter\": %" G_GINT64_FORMAT ","
                          " \"DomainValidationOptions\": [{\"DomainName\": \"www.example.org\", \"ValidationStatus\": \"SUCCESS\","
                          " \"ResourceRecord\": {\"Name\": \"_a.www.example.org.\", \"Type\": \"CNAME\", \"Value\": \"_b.acm-validations.aws.\"}}]}",
                          g_date_time_to_unix (now) + 100 * 86400);
  bytes = g_bytes_new (json, strlen (json));
  object = aws_json_load_object (bytes, NULL);
  certificate = aws_document_new (g_steal_pointer (&object));
  seen = porch_certificate_new (certificate, names, now);
  porch_site_set_certificate (site, seen);
}

static void
test_rows (void)
{
  g_autoptr(Cloud) cloud = cloud_new ();
  PorchSite *site = cloud_create_site (cloud, FALSE);
  GtkWidget *group = adw_preferences_group_new ();
  GtkWidget *address = create_row (group, PORCH_TYPE_ADDRESS_HEALTH_ROW, site);
  GtkWidget *certificate = create_row (group, PORCH_TYPE_CERTIFICATE_HEALTH_ROW, site);
  GtkWidget *confirm = create_row (group, PORCH_TYPE_CONFIRM_ROW, site);
  GtkWidget *window = create_window (group);
  g_autoptr(JsonObject) late = json_object_new ();

  assert_says (address, "It can have one of its own");
  g_assert_false (gtk_widget_get_visible (certificate));
  g_assert_false (gtk_widget_get_visible (confirm));

  /* After a start: it is known as broken, and nobody has looked yet */
  set_address (site, PORCH_ADDRESS_BROKEN);
  assert_says (address, "www.example.org did not work when it was looked at last");

  see (site, nothing);
  assert_says (address, "www.example.org works and is secured");
  g_assert_cmpint (porch_address_get_state (porch_site_get_own_address (site)), ==, PORCH_ADDRESS_LIVE);

  see (site, slow);
  assert_says (address, "took 8 seconds");

  /* Who is not connected to the internet is told nothing false */
  see (site, away);
  assert_says (address, "www.example.org works and is secured");
  g_assert_cmpint (porch_address_get_state (porch_site_get_own_address (site)), ==, PORCH_ADDRESS_LIVE);

  see (site, parked);
  see (site, no_answer);
  assert_says (address, "can’t be reached");
  g_assert_cmpint (porch_address_get_state (porch_site_get_own_address (site)), ==, PORCH_ADDRESS_BROKEN);

  set_certificate (site, "_a.www.example.org");
  assert_says (certificate, "The certificate will not be renewed");

  porch_site_begin_confirmation (site, "xn--bcherei-n2a.de");
  assert_says (confirm, "bücherei.de");
  g_assert_null (strstr (adw_action_row_get_subtitle (ADW_ACTION_ROW (confirm)), "switches"));
  take_picture (window, "address-rows");

  json_object_set_string_member (late, "domain", "example.org");
  json_object_set_string_member (late, "until", "2020-01-01T00:00:00Z");
  porch_site_take_confirmation (site, NULL);
  g_assert_false (gtk_widget_get_visible (confirm));
  porch_site_take_confirmation (site, late);
  assert_says (confirm, "was not opened in time");
  take_picture (window, "address-rows-late");

  set_certificate (site, NULL);
  g_assert_false (gtk_widget_get_visible (certificate));
  g_assert_cmpint (gtk_widget_get_width (window), <=, WIDTH);
  gtk_window_destroy (GTK_WINDOW (window));
}

static void
test_news (void)
{
  g_autoptr(GDBusConnection) bus = stand_in ();
  g_autoptr(Cloud) cloud = cloud_new ();
  PorchSite *site = cloud_create_site (cloud, FALSE);
  g_autoptr(GApplication) application = g_application_new (APPLICATION, G_APPLICATION_DEFAULT_FLAGS);
  g_autoptr(PorchAddressNews) news = NULL;
  g_autoptr(GError) error = NULL;

  told = g_string_new (NULL);
  g_application_register (application, NULL, &error);
  g_assert_no_error (error);
  news = porch_address_news_new (application, cloud->engine);

  /* What is being set up is told by the work that does it */
  set_address (site, PORCH_ADDRESS_SETTING_UP);
  g_assert_true (porch_domain_doctor_get_watching (porch_site_get_doctor (site)));
  hush (site);
  see (site, no_answer);
  see (site, nothing);

  set_address (site, PORCH_ADDRESS_LIVE);
  hush (site);
  see (site, no_answer);
  assert_told ("Something Is Wrong with www.example.org;");

  /* Broken as before, in another way: that was told */
  see (site, away);
  see (site, site_error);
  see (site, nothing);
  assert_told ("www.example.org Works Again;");

  see (site, proof_gone);
  assert_told ("www.example.org Needs Your Attention;");
  see (site, nothing);
  assert_told ("gone;");

  g_string_free (told, TRUE);
}

static PorchAddressPlan *
plan_purchase (PorchSite  *site,
               const char *domain)
{
  static const char * const values[PORCH_DOMAIN_CONTACT_N_FIELDS] = {
    "Anna", "Müller", "", "Gartenweg 1", "", "Berlin", "", "10115", "DE", "030 1234567", "anna@example.org"
  };
  PorchAddressPlan *plan = porch_address_plan_new (site);
  g_autoptr(PorchDomainShop) shop = porch_domain_shop_new (porch_site_get_account (site));
  g_autoptr(PorchDomainContact) contact = porch_domain_contact_new ();
  g_autoptr(PorchDomainOffer) offer = NULL;
  g_autoptr(GError) error = NULL;

  for (guint i = 0; i < PORCH_DOMAIN_CONTACT_N_FIELDS; i++)
    porch_domain_contact_set (contact, i, values[i]);

  porch_address_plan_parse_name (plan, domain, &error);
  g_assert_no_error (error);
  offer = dex_await_object (porch_domain_shop_quote (shop, porch_address_plan_get_name (plan)), &error);
  g_assert_no_error (error);
  porch_address_plan_set_way (plan, PORCH_ADDRESS_BUY);
  porch_address_plan_set_contact (plan, contact);
  porch_address_plan_set_offer (plan, offer);

  return plan;
}

static void
count_cb (gpointer user_data)
{
  (*(guint *) user_data)++;
}

/* Presses the button, and waits until its page has asked */
static void
press (GtkWidget *page)
{
  g_assert_true (gtk_widget_activate_action (page, "page.continue", NULL));

  for (guint i = 0; i < 500 && porch_wizard_page_get_busy (PORCH_WIZARD_PAGE (page)); i++)
    cloud_pause (10);
}

/* The price that is paid is the one on the button */
static void
test_price (void)
{
  g_autoptr(Cloud) cloud = cloud_new ();
  PorchSite *site = cloud_create_site (cloud, FALSE);
  g_autoptr(PorchAddressPlan) plan = plan_purchase (site, "pottery.localhost");
  GtkWidget *page = GTK_WIDGET (porch_address_review_page_new (plan));
  GtkWidget *window = create_window (page);
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  g_autofree char *problem = NULL;
  guint n_continued = 0;

  g_signal_connect_swapped (page, "continued", G_CALLBACK (count_cb), &n_continued);
  g_object_get (page, "continue-label", &before, NULL);
  g_assert_cmpstr (before, ==, "_Buy for 14.00 USD");

  cloud_change_faults (cloud, "op=ListPrices,fail=dearer");
  press (page);
  g_object_get (page, "continue-label", &after, "error", &problem, NULL);
  g_assert_cmpuint (n_continued, ==, 0);
  g_assert_cmpstr (after, ==, "_Buy for 19.00 USD");
  g_assert_cmpstr (problem, ==, "The price has changed just now. Look at it again.");
  take_picture (window, "review-price");

  press (page);
  g_assert_cmpuint (n_continued, ==, 1);
  g_assert_cmpfloat (porch_domain_offer_get_price (porch_address_plan_get_offer (plan)), ==, 19);
  gtk_window_destroy (GTK_WINDOW (window));
}

int
main (int   argc,
      char *argv[])
{
  gtk_test_init (&argc, &argv, NULL);
  dex_init ();
  adw_init ();

  g_object_set (gtk_settings_get_default (), "gtk-cursor-blink", FALSE, NULL);
  gtk_icon_theme_add_resource_path (gtk_icon_theme_get_for_display (gdk_display_get_default ()), PORCH_RESOURCE_PATH "/icons");

  test_add_fiber ("/app/address/rows", test_rows);
  test_add_fiber ("/app/address/news", test_news);
  test_add_fiber ("/app/address/price", test_price);

  return g_test_run ();
}
