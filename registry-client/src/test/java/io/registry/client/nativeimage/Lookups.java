package io.registry.client.nativeimage;

import com.sun.jdi.Bootstrap;
import com.sun.jdi.ClassObjectReference;
import com.sun.jdi.IncompatibleThreadStateException;
import com.sun.jdi.Method;
import com.sun.jdi.ObjectReference;
import com.sun.jdi.ReferenceType;
import com.sun.jdi.StackFrame;
import com.sun.jdi.StringReference;
import com.sun.jdi.Value;
import com.sun.jdi.VirtualMachine;
import com.sun.jdi.connect.Connector;
import com.sun.jdi.connect.LaunchingConnector;
import com.sun.jdi.event.BreakpointEvent;
import com.sun.jdi.event.Event;
import com.sun.jdi.event.EventSet;
import com.sun.jdi.event.VMDeathEvent;
import com.sun.jdi.event.VMDisconnectEvent;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Runs a program under a debugger and notes what it looks up by name: classes, members and resources. */
final class Lookups {

    /** What finds something by a name. Finders of the JDK that lead to one of these are seen as the JDK's own calls. */
    private static final Map<String, Set<String>> FINDERS = Map.of(
            "java.lang.Class",
            Set.of(
                    "forName",
                    "getField",
                    "getFields",
                    "getDeclaredField",
                    "getDeclaredFields",
                    "getMethod",
                    "getMethods",
                    "getDeclaredMethod",
                    "getDeclaredMethods",
                    "getConstructor",
                    "getConstructors",
                    "getDeclaredConstructor",
                    "getDeclaredConstructors",
                    "newInstance",
                    "getResource",
                    "getResourceAsStream"),
            "java.lang.ClassLoader",
            Set.of("getResource", "getResources", "getResourceAsStream", "getSystemResource", "getSystemResources"),
            "java.lang.reflect.Proxy",
            Set.of("newProxyInstance"));

    private static final List<String> JDK = List.of("java.", "javax.", "jdk.", "sun.", "com.sun.");

    /**
     * Something that was looked up.
     *
     * @param caller the class that asked
     * @param finder the method that was asked, such as {@code getDeclaredField}
     * @param type the class whose member was asked for; empty for resources and classes
     * @param name what was asked for; empty for all members
     */
    record Lookup(String caller, String finder, String type, String name) implements Comparable<Lookup> {
        @Override
        public int compareTo(Lookup other) {
            return toString().compareTo(other.toString());
        }

        @Override
        public String toString() {
            return finder + " " + (type.isEmpty() ? "" : type + "#") + name + " by " + caller;
        }
    }

    private final Set<Lookup> found = new TreeSet<>();
    private String output = "";

    private Lookups() {}

    /** Runs the main method of a class, on this process's class path, to its end. */
    static Lookups of(String mainClass, String... arguments) throws Exception {
        LaunchingConnector connector = Bootstrap.virtualMachineManager().defaultConnector();
        Map<String, Connector.Argument> settings = connector.defaultArguments();
        argument(settings, "main").setValue(mainClass + " " + String.join(" ", arguments));
        argument(settings, "options").setValue("-cp \"" + System.getProperty("java.class.path") + "\"");
        VirtualMachine machine = connector.launch(settings);
        Lookups lookups = new Lookups();
        try {
            Thread reader =
                    new Thread(() -> lookups.output = read(machine.process().getInputStream()));
            Thread errors = new Thread(() -> read(machine.process().getErrorStream()));
            reader.start();
            errors.start();
            lookups.watch(machine);
            reader.join();
            errors.join();
        } finally {
            machine.process().destroyForcibly();
        }
        return lookups;
    }

    /** Returns what was looked up by others than the JDK. */
    Set<Lookup> found() {
        return found;
    }

    /** Returns what the program printed. */
    String output() {
        return output;
    }

    private static Connector.Argument argument(Map<String, Connector.Argument> settings, String name) {
        Connector.Argument argument = settings.get(name);
        if (argument == null) {
            throw new IllegalStateException("no " + name + " among " + settings);
        }
        return argument;
    }

    private static String read(InputStream stream) {
        try (stream) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return e.toString();
        }
    }

    private void watch(VirtualMachine machine) throws InterruptedException, IncompatibleThreadStateException {
        FINDERS.forEach((type, names) -> {
            for (ReferenceType each : machine.classesByName(type)) {
                for (Method method : each.methods()) {
                    if (names.contains(method.name()) && method.location() != null) {
                        machine.eventRequestManager()
                                .createBreakpointRequest(method.location())
                                .enable();
                    }
                }
            }
        });
        while (true) {
            EventSet events = machine.eventQueue().remove();
            for (Event event : events) {
                if (event instanceof BreakpointEvent call) {
                    note(call);
                } else if (event instanceof VMDeathEvent || event instanceof VMDisconnectEvent) {
                    events.resume();
                    return;
                }
            }
            events.resume();
        }
    }

    private void note(BreakpointEvent call) throws IncompatibleThreadStateException {
        if (call.thread().frameCount() < 2) {
            return;
        }
        String caller = call.thread().frame(1).location().declaringType().name();
        if (JDK.stream().anyMatch(caller::startsWith)) {
            return;
        }
        StackFrame frame = call.thread().frame(0);
        ObjectReference self = frame.thisObject();
        String type =
                self instanceof ClassObjectReference of ? of.reflectedType().name() : "";
        String name = "";
        for (Value value : frame.getArgumentValues()) {
            if (value instanceof StringReference text) {
                name = text.value();
                break;
            }
        }
        found.add(new Lookup(caller, call.location().method().name(), type, name));
    }
}
