package io.registry.server.lookup;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Hashtable;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.atomic.LongAdder;
import javax.naming.Context;
import javax.naming.NamingEnumeration;
import javax.naming.NamingException;
import javax.naming.directory.Attribute;
import javax.naming.directory.Attributes;
import javax.naming.directory.InitialDirContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Addresses from the domain name system: all addresses of a name, or the hosts and ports of its service records where the
 * name begins with an underscore, as in {@code _registry._tcp.example.org}. Where the name cannot be resolved, the
 * addresses before hold.
 */
public final class MemberNames implements MemberLookup {

    /** The name servers that the machine uses. */
    public static final String SYSTEM = "dns:";

    private static final Logger LOG = LoggerFactory.getLogger(MemberNames.class);

    private final String name;
    private final int port;
    private final int expected;
    private final String server;
    private final LongAdder errors = new LongAdder();
    private volatile List<String> good = List.of();
    private String trouble = "";

    /**
     * Makes the lookup.
     *
     * @param name what is resolved
     * @param port the port of each address; the records' own for service records
     * @param expected how many nodes there have to be before a cluster is founded
     * @param server where service records are asked for, such as {@code dns://10.0.0.53}; {@code dns:} for the machine's
     *     own name servers
     */
    public MemberNames(String name, int port, int expected, String server) {
        this.name = name;
        this.port = port;
        this.expected = expected;
        this.server = server;
    }

    /** Returns whether a name is one of service records. */
    public static boolean isService(String name) {
        return name.startsWith("_");
    }

    @Override
    public List<String> addresses() {
        try {
            List<String> found = isService(name) ? services() : hosts();
            if (!found.equals(good)) {
                good = found;
                LOG.info("members are looked for at {}: name={}", found, name);
            }
            trouble = "";
        } catch (UnknownHostException | NamingException | IllegalArgumentException e) {
            String why = e.toString();
            if (!why.equals(trouble)) {
                trouble = why;
                errors.increment();
                LOG.warn(
                        "the name of the members is not resolved, what it led to before is kept: name={} cause={} kept={}",
                        name,
                        why,
                        good);
            }
        }
        return good;
    }

    private List<String> hosts() throws UnknownHostException {
        TreeSet<String> found = new TreeSet<>();
        for (InetAddress address : InetAddress.getAllByName(name)) {
            String host = address.getHostAddress().replaceFirst("%.*", "");
            found.add((address instanceof Inet6Address ? "[" + host + "]" : host) + ":" + port);
        }
        return List.copyOf(found);
    }

    @SuppressWarnings({"BanJNDI", "JdkObsolete"}) // records are texts, not objects; a Hashtable is what is taken
    private List<String> services() throws NamingException {
        Hashtable<String, String> environment = new Hashtable<>();
        environment.put(Context.INITIAL_CONTEXT_FACTORY, "com.sun.jndi.dns.DnsContextFactory");
        environment.put(Context.PROVIDER_URL, server);
        environment.put("com.sun.jndi.dns.timeout.initial", "1000");
        environment.put("com.sun.jndi.dns.timeout.retries", "2");
        InitialDirContext context = new InitialDirContext(environment);
        try {
            Attributes attributes = context.getAttributes(name, new String[] {"SRV"});
            Attribute records = attributes.get("SRV");
            TreeSet<String> found = new TreeSet<>();
            for (String record : texts(records)) {
                // Priority, weight, port and host, which ends with a dot.
                String[] parts = record.split(" ", -1);
                if (parts.length != 4) {
                    throw new IllegalArgumentException("service record: " + record + " (expected: four parts)");
                }
                found.add(MemberAddress.read(parts[3].replaceFirst("\\.$", "") + ":" + parts[2]));
            }
            if (found.isEmpty()) {
                throw new IllegalArgumentException(name + ": no service records (expected: one for each member)");
            }
            return List.copyOf(found);
        } finally {
            context.close();
        }
    }

    private static List<String> texts(Attribute records) throws NamingException {
        List<String> texts = new ArrayList<>();
        if (records != null) {
            NamingEnumeration<?> all = records.getAll();
            while (all.hasMore()) {
                texts.add(String.valueOf(all.next()));
            }
        }
        return texts;
    }

    @Override
    public int foundingSize() {
        return expected;
    }

    @Override
    public long errors() {
        return errors.sum();
    }

    @Override
    public String describe() {
        return name;
    }
}
