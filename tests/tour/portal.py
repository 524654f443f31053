# Copyright 2026 The Porchlight developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""A stand-in for the desktop portal: answers the file chooser, notes what is opened, and switches light and dark.

The app talks to it as it would talk to the portal of a desktop; it is told nothing of the test.
"""

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
</node>
"""

PATH = "/org/freedesktop/portal/desktop"
APPEARANCE = "org.freedesktop.appearance"


class Portal:
    """Owns the portal's name on the session bus; answers as long as the main context is iterated."""

    def __init__(self):
        self.dark = False
        self.chosen = []        # files that the next file choosers answer with; none left: cancelled
        self.opened = []        # addresses that the app asked to be opened
        self.notifications = []
        self.connection = Gio.bus_get_sync(Gio.BusType.SESSION)
        for interface in Gio.DBusNodeInfo.new_for_xml(INTERFACES).interfaces:
            self.connection.register_object(PATH, interface, self._call, self._property, None)
        Gio.bus_own_name_on_connection(self.connection, "org.freedesktop.portal.Desktop", Gio.BusNameOwnerFlags.NONE, None, None)

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

        def respond():
            self.connection.emit_signal(sender, request, "org.freedesktop.portal.Request", "Response",
                                        GLib.Variant("(ua{sv})", (response, results)))
            return GLib.SOURCE_REMOVE

        GLib.idle_add(respond)

    def _filechooser(self, method, parameters, invocation, sender):
        if self.chosen:
            uri = Gio.File.new_for_path(str(self.chosen.pop(0))).get_uri()
            self._answer(invocation, sender, parameters[2], 0, {"uris": GLib.Variant("as", [uri])})
        else:
            self._answer(invocation, sender, parameters[2], 1, {})

    def _openuri(self, method, parameters, invocation, sender):
        self.opened.append(parameters[1])
        self._answer(invocation, sender, parameters[2], 0, {})

    def _notification(self, method, parameters, invocation, sender):
        if method == "AddNotification":
            self.notifications.append(parameters[1].get("title", ""))
        invocation.return_value(None)
