/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-form-snippet.h"

#include <glib/gi18n-lib.h>

/* Tells the form how long somebody took. Without scripts it is sent all the same. */
#define SCRIPT_TIME \
  "<script>\n" \
  "(function (form, start) {\n" \
  "  form.addEventListener(\"submit\", function () {\n" \
  "    form.elements._elapsed.value = Date.now() - start;\n" \
  "  });\n" \
  "})(document.currentScript.previousElementSibling, Date.now());\n" \
  "</script>\n"

/* Besides, it is sent without leaving the page, and screen readers say what became of it. */
#define SCRIPT_STAY \
  "<script>\n" \
  "(function (form, start) {\n" \
  "  var button = form.querySelector(\"button\");\n" \
  "  var good = form.querySelector(\"[role=status]\");\n" \
  "  var bad = form.querySelector(\"[role=alert]\");\n" \
  "  form.addEventListener(\"submit\", function (event) {\n" \
  "    form.elements._elapsed.value = Date.now() - start;\n" \
  "    if (!window.fetch || !window.URLSearchParams) return;\n" \
  "    event.preventDefault();\n" \
  "    button.disabled = true;\n" \
  "    bad.textContent = \"\";\n" \
  "    good.textContent = form.dataset.sending;\n" \
  "    fetch(form.action, {\n" \
  "      method: \"POST\", headers: { accept: \"application/json\" }, body: new URLSearchParams(new FormData(form))\n" \
  "    }).then(function (answer) {\n" \
  "      return answer.json().then(function (said) {\n" \
  "        if (answer.ok && said.id) {\n" \
  "          form.reset();\n" \
  "          start = Date.now();\n" \
  "          good.textContent = form.dataset.sent + \" \" + said.id;\n" \
  "        } else {\n" \
  "          good.textContent = \"\";\n" \
  "          bad.textContent = said.message || form.dataset.failed;\n" \
  "        }\n" \
  "      });\n" \
  "    }).catch(function () {\n" \
  "      good.textContent = \"\";\n" \
  "      bad.textContent = form.dataset.failed;\n" \
  "    }).then(function () {\n" \
  "      button.disabled = false;\n" \
  "    });\n" \
  "  });\n" \
  "})(document.currentScript.previousElementSibling, Date.now());\n" \
  "</script>\n"

static void
append_field (GString    *html,
              const char *id,
              const char *label,
              const char *attributes)
{
  g_autofree char *text = g_markup_escape_text (label, -1);

  g_string_append_printf (html, "  <p>\n    <label for=\"contact-%s\">%s</label><br>\n    <input id=\"contact-%s\" name=\"%s\" %s>\n  </p>\n",
                          id, text, id, id, attributes);
}

static void
append_data (GString    *html,
             const char *name,
             const char *words)
{
  g_autofree char *text = g_markup_escape_text (words, -1);

  g_string_append_printf (html, "\n  data-%s=\"%s\"", name, text);
}

static void
append_begin (GString         *html,
              const PorchForm *form)
{
  g_string_append_printf (html, "<form method=\"post\" action=\"%s\" accept-charset=\"utf-8\"", porch_form_get_path (form));

  if (porch_form_get_thanks (form) == NULL)
    {
      append_data (html, "sending", _("Sending…"));
      /* Translators: a number follows */
      append_data (html, "sent", _("Thank you, your message has arrived. Receipt number:"));
      append_data (html, "failed", _("Your message could not be sent. Please try again."));
    }

  /* Translators: the code of the language of this translation, such as de */
  g_string_append_printf (html, ">\n  <input type=\"hidden\" name=\"_lang\" value=\"%s\">\n"
                          "  <input type=\"hidden\" name=\"_elapsed\">\n", C_("language code", "en"));
}

static void
append_end (GString         *html,
            const PorchForm *form)
{
  g_autofree char *message = g_markup_escape_text (_("Message"), -1);
  g_autofree char *empty = g_markup_escape_text (_("Leave this empty"), -1);
  g_autofree char *send = g_markup_escape_text (_("Send"), -1);

  g_string_append_printf (html,
                          "  <p>\n    <label for=\"contact-message\">%s</label><br>\n"
                          "    <textarea id=\"contact-message\" name=\"message\" rows=\"6\" required maxlength=\"10000\"></textarea>\n  </p>\n"
                          "  <p hidden>\n    <label for=\"contact-gotcha\">%s</label>\n"
                          "    <input id=\"contact-gotcha\" name=\"_gotcha\" type=\"text\" tabindex=\"-1\" autocomplete=\"off\">\n  </p>\n"
                          "  <p><button type=\"submit\">%s</button></p>\n",
                          message, empty, send);

  if (porch_form_get_thanks (form) == NULL)
    g_string_append (html, "  <p role=\"status\"></p>\n  <p role=\"alert\"></p>\n");

  g_string_append (html, "</form>\n");
  g_string_append (html, porch_form_get_thanks (form) == NULL ? SCRIPT_STAY : SCRIPT_TIME);
}

/**
 * porch_form_dup_snippet:
 * @form: how a site takes messages
 * @fields: what is asked for besides the message
 *
 * Makes a form to be put into a page of the site: plain HTML that needs nothing else, that works without scripts, and that
 * tells screen readers what became of a message. Its words are those of the language in use.
 *
 * Returns: (transfer full): HTML
 */
char *
porch_form_dup_snippet (const PorchForm    *form,
                        PorchSnippetFields  fields)
{
  g_autoptr(GString) html = g_string_new (NULL);

  g_return_val_if_fail (form != NULL, NULL);

  append_begin (html, form);

  if (fields & PORCH_SNIPPET_NAME)
    append_field (html, "name", _("Name"), "type=\"text\" autocomplete=\"name\" maxlength=\"200\"");
  if (fields & PORCH_SNIPPET_MAIL)
    append_field (html, "email", _("E-mail"), "type=\"email\" autocomplete=\"email\" required maxlength=\"254\"");
  if (fields & PORCH_SNIPPET_PHONE)
    append_field (html, "phone", _("Telephone"), "type=\"tel\" autocomplete=\"tel\" maxlength=\"60\"");
  if (fields & PORCH_SNIPPET_SUBJECT)
    append_field (html, "subject", _("Subject"), "type=\"text\" maxlength=\"200\"");

  append_end (html, form);

  return g_string_free_and_steal (g_steal_pointer (&html));
}
