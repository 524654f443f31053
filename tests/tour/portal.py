# Copyright 2026 The Porchlight developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""A stand-in for the desktop: answers the file chooser, notes what is opened, switches light and dark, prints into memory,
lets the app run in the background or not, and shows notifications, which can be pressed.

The app talks to it as it would talk to the portal and the shell of a desktop; it is told nothing of the test.
"""

import os
import threading

from gi.repository import Gio, GLib

INTERFACES = """
<node>
  <interface name="org.freedesktop.portal.Settings">
    <method name="ReadAll"><arg type="as" direction="in"/><arg type="a{sa{sv}}" direction="out"/></method>
    <method name="Read"><arg type="s" direction="in"/><arg type="s" direction="in"/><arg type="v" direction="out"/></method>
    <method name="ReadOne"><arg type="s" direction="in"/><arg type="s" direction="in"/><arg type="v" direction="out"/></method>
    <signal name="SettingChanged"><arg type="s"/><arg type="s"/><arg type="v"/></signal>
    <property name="version" type="u" access="read"/>
  </interface>
  <interface name="org.freedesktop.portal.FileChooser">
    <method name="OpenFile">
      <arg type="s" direction="in"/><arg type="s" direction="in"/><arg type="a{sv}" direction="in"/><arg type="o" direction="out"/>
    </method>
    <method name="SaveFile">
      <arg type="s" direction="in"/><arg type="s" direction="in"/><arg type="a{sv}" direction="in"/><arg type="o" direction="out"/>
    </method>
    <property name="version" type="u" access="read"/>
  </interface>
  <interface name="org.freedesktop.portal.OpenURI">
    <method name="OpenURI">
      <arg type="s" direction="in"/><arg type="s" direction="in"/><arg type="a{sv}" direction="in"/><arg type="o" direction="out"/>
    </method>
    <method name="OpenFile">
      <arg type="s" direction="in"/><arg type="h" direction="in"/><arg type="a{sv}" direction="in"/><arg type="o" direction="out"/>
    </method>
    <property name="version" type="u" access="read"/>
  </interface>
  <interface name="org.freedesktop.portal.Background">
    <method name="RequestBackground">
      <arg type="s" direction="in"/><arg type="a{sv}" direction="in"/><arg type="o" direction="out"/>
    </method>
    <property name="version" type="u" access="read"/>
  </interface>
  <interface name="org.freedesktop.portal.Print">
    <method name="PreparePrint">
      <arg type="s" direction="in"/><arg type="s" direction="in"/><arg type="a{sv}" direction="in"/><arg type="a{sv}" direction="in"/>
      <arg type="a{sv}" direction="in"/><arg type="o" direction="out"/>
    </method>
    <method name="Print">
      <arg type="s" direction="in"/><arg type="s" direction="in"/><arg type="h" direction="in"/><arg type="a{sv}" direction="in"/>
      <arg type="o" direction="out"/>
    </method>
    <property name="version" type="u" access="read"/>
  </interface>
  <interface name="org.gtk.Notifications">
    <method name="AddNotification">
      <arg type="s" direction="in"/><arg type="s" direction="in"/><arg type="a{sv}" direction="in"/>
    </method>
    <method name="RemoveNotification"><arg type="s" direction="in"/><arg type="s" direction="in"/></method>
  </interface>
</node>
"""

PATH = "/org/freedesktop/portal/desktop"
SHELL = "org.gtk.Notifications"
SHELL_PATH = "/org/gtk/Notifications"
APPEARANCE = "org.freedesktop.appearance"

A4 = {"Width": GLib.Variant("d", 210), "Height": GLib.Variant("d", 297), "DisplayName": GLib.Variant("s", "A4"),
      "MarginTop": GLib.Variant("d", 6.35), "MarginBottom": GLib.Variant("d", 6.35), "MarginLeft": GLib.Variant("d", 6.35),
      "MarginRight": GLib.Variant("d", 6.35), "Orientation": GLib.Variant("s", "portrait")}


class Portal:
    """Owns the portal's name on the session bus. It answers from a thread of its own: the app may wait for it while the
    test waits for the app."""

    def __init__(self):
        self.dark = False
        self.chosen = []        # files that the next file choosers answer with; none left: cancelled
        self.opened = []        # addresses that the app asked to be opened
        self.no_browser = False
        self.notifications = []     # titles of all that came
        self.bodies = []
        self.shown = {}             # what is on the screen, by its id
        self.background = []        # what was asked for of running in the background
        self.refuses_background = False
        self.printed = []           # the bytes of each file for the printer
        self.connection = None
        self.context = None
        ready = threading.Event()
        threading.Thread(target=self._serve, args=(ready,), daemon=True).start()
        ready.wait()

    def _serve(self, ready):
        context = self.context = GLib.MainContext()
        context.push_thread_default()
        flags = Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT | Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION
        address = Gio.dbus_address_get_for_bus_sync(Gio.BusType.SESSION)
        self.connection = Gio.DBusConnection.new_for_address_sync(address, flags, None, None)
        for interface in Gio.DBusNodeInfo.new_for_xml(INTERFACES).interfaces:
            path = SHELL_PATH if interface.name == SHELL else PATH
            self.connection.register_object(path, interface, self._call, self._property, None)
        owned = self.connection.call_sync("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "RequestName",
                                          GLib.Variant("(su)", ("org.freedesktop.portal.Desktop", 0)), None, 0, -1, None)
        assert owned.unpack() == (1,), owned
        self.connection.call_sync("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "RequestName",
                                  GLib.Variant("(su)", (SHELL, 0)), None, 0, -1, None)
        ready.set()
        GLib.MainLoop.new(context, False).run()

    def set_dark(self, dark):
        self.dark = dark
        self.connection.emit_signal(None, PATH, "org.freedesktop.portal.Settings", "SettingChanged",
                                    GLib.Variant("(ssv)", (APPEARANCE, "color-scheme", self._scheme())))

    def _scheme(self):
        return GLib.Variant("u", 1 if self.dark else 2)

    def _property(self, connection, sender, path, interface, name):
        return GLib.Variant("u", {"FileChooser": 4, "OpenURI": 4, "Print": 3}.get(interface.rsplit(".", 1)[1], 2))

    def _call(self, connection, sender, path, interface, method, parameters, invocation):
        handler = getattr(self, "_" + interface.rsplit(".", 1)[1].lower())
        handler(method, parameters.unpack(), invocation, sender)

    def _settings(self, method, parameters, invocation, sender):
        if method == "ReadAll":
            settings = {APPEARANCE: {"color-scheme": self._scheme()}}
            invocation.return_value(GLib.Variant("(a{sa{sv}})", (settings,)))
        elif parameters == (APPEARANCE, "color-scheme"):
            value = self._scheme()
            invocation.return_value(GLib.Variant("(v)", (GLib.Variant("v", value) if method == "Read" else value,)))
        else:
            invocation.return_dbus_error("org.freedesktop.portal.Error.NotFound", "Requested setting not found")

    def _answer(self, invocation, sender, options, response, results):
        token = options.get("handle_token", "t")
        request = f"{PATH}/request/{sender[1:].replace('.', '_')}/{token}"
        invocation.return_value(GLib.Variant("(o)", (request,)))

        def respond(_=None):
            self.connection.emit_signal(sender, request, "org.freedesktop.portal.Request", "Response",
                                        GLib.Variant("(ua{sv})", (response, results)))
            return GLib.SOURCE_REMOVE

        # Nobody chooses at once, and GTK's chooser counts on that
        source = GLib.timeout_source_new(200)
        source.set_callback(respond)
        source.attach(self.context)

    def _filechooser(self, method, parameters, invocation, sender):
        if self.chosen:
            uri = Gio.File.new_for_path(str(self.chosen.pop(0))).get_uri()
            self._answer(invocation, sender, parameters[2], 0, {"uris": GLib.Variant("as", [uri])})
        else:
            self._answer(invocation, sender, parameters[2], 1, {})

    def _openuri(self, method, parameters, invocation, sender):
        if not self.no_browser:
            self.opened.append(parameters[1])
        self._answer(invocation, sender, parameters[2], 2 if self.no_browser else 0, {})

    def _background(self, method, parameters, invocation, sender):
        options = parameters[1]
        self.background.append(options)
        allowed = not self.refuses_background
        results = {"background": GLib.Variant("b", allowed), "autostart": GLib.Variant("b", allowed and options["autostart"])}
        self._answer(invocation, sender, options, 0 if allowed else 1, results)

    def _print(self, method, parameters, invocation, sender):
        if method == "PreparePrint":
            results = {"settings": GLib.Variant("a{sv}", {}), "page-setup": GLib.Variant("a{sv}", A4),
                       "token": GLib.Variant("u", 7)}
            self._answer(invocation, sender, parameters[4], 0, results)
        else:
            descriptor = invocation.get_message().get_unix_fd_list().get(parameters[2])
            with os.fdopen(descriptor, "rb") as file:
                self.printed.append(file.read())
            self._answer(invocation, sender, parameters[3], 0, {})

    def _notifications(self, method, parameters, invocation, sender):
        """The shell, which goes on showing what a program said that is no longer there."""
        if method == "AddNotification":
            self.shown[parameters[:2]] = parameters[2]
            self.notifications.append(parameters[2].get("title", ""))
            self.bodies.append(parameters[2].get("body", ""))
        else:
            self.shown.pop(parameters[:2], None)
        invocation.return_value(None)

    def press(self, key):
        """Presses one of the notifications that are shown; who sent it is started by the bus if it does not run."""
        program, _ = key
        notification = self.shown.pop(key)
        scope, action = notification["default-action"].split(".", 1)
        assert scope == "app", notification
        target = notification["default-action-target"]
        target = [GLib.Variant("s" if isinstance(target, str) else "(ss)", target)]
        self.connection.call(program, "/" + program.replace(".", "/"), "org.freedesktop.Application", "ActivateAction",
                             GLib.Variant("(sava{sv})", (action, target, {})), None, 0, -1, None, None)
