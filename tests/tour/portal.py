# Copyright 2026 The Porchlight developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""A stand-in for the desktop portal: answers the file chooser, notes what is opened, and switches light and dark.

The app talks to it as it would talk to the portal of a desktop; it is told nothing of the test.
"""

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
  <interface name="org.freedesktop.portal.Notification">
    <method name="AddNotification"><arg type="s" direction="in"/><arg type="a{sv}" direction="in"/></method>
    <method name="RemoveNotification"><arg type="s" direction="in"/></method>
    <property name="version" type="u" access="read"/>
  </interface>
  <interface name="org.freedesktop.Notifications">
    <method name="Notify">
      <arg type="s" direction="in"/><arg type="u" direction="in"/><arg type="s" direction="in"/><arg type="s" direction="in"/>
      <arg type="s" direction="in"/><arg type="as" direction="in"/><arg type="a{sv}" direction="in"/><arg type="i" direction="in"/>
      <arg type="u" direction="out"/>
    </method>
    <method name="CloseNotification"><arg type="u" direction="in"/></method>
    <method name="GetCapabilities"><arg type="as" direction="out"/></method>
    <signal name="ActionInvoked"><arg type="u"/><arg type="s"/></signal>
  </interface>
</node>
"""

PATH = "/org/freedesktop/portal/desktop"
SHELL = "org.freedesktop.Notifications"
SHELL_PATH = "/org/freedesktop/Notifications"
APPEARANCE = "org.freedesktop.appearance"


class Portal:
    """Owns the portal's name on the session bus. It answers from a thread of its own: the app may wait for it while the
    test waits for the app."""

    def __init__(self):
        self.dark = False
        self.chosen = []        # files that the next file choosers answer with; none left: cancelled
        self.opened = []        # addresses that the app asked to be opened
        self.no_browser = False
        self.notifications = []
        self.bodies = []
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
        return GLib.Variant("u", {"org.freedesktop.portal.Settings": 2, "org.freedesktop.portal.FileChooser": 4,
                                  "org.freedesktop.portal.OpenURI": 4, "org.freedesktop.portal.Notification": 1}[interface])

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

    def _notifications(self, method, parameters, invocation, sender):
        """The shell outside of a sandbox, which shows what a program says."""
        if method == "Notify":
            self.notifications.append(parameters[3])
            self.bodies.append(parameters[4])
            invocation.return_value(GLib.Variant("(u)", (len(self.notifications),)))
        elif method == "GetCapabilities":
            invocation.return_value(GLib.Variant("(as)", (["actions", "body"],)))
        else:
            invocation.return_value(None)

    def press_notification(self, number):
        """Presses the notification with this number, the first is 1."""
        self.connection.emit_signal(None, SHELL_PATH, SHELL, "ActionInvoked", GLib.Variant("(us)", (number, "default")))

    def _notification(self, method, parameters, invocation, sender):
        if method == "AddNotification":
            self.notifications.append(parameters[1].get("title", ""))
        invocation.return_value(None)
