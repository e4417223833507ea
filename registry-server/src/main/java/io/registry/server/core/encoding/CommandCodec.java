package io.registry.server.core.encoding;

import io.registry.server.core.persistent.PersistentCommand;
import java.nio.ByteBuffer;

/**
 * The bytes of a command: what an entry of the log holds, and what one member sends to another.
 *
 * <p>An entry carries the version of the schema that its reader must know. A kind of command or a field that is added
 * needs a new version only where an older server should say so rather than complain of the field; neither is ever passed
 * over.
 *
 * <p><b>Threading</b>: any.
 */
public final class CommandCodec {

    /** The newest version that this server writes and reads. */
    public static final int VERSION = 1;

    private static final int VERSION_FIELD = 1;

    private static final Form<PersistentCommand> ENTRY = new Form<>("Entry", CommandCodec::write, CommandCodec::read);

    private CommandCodec() {}

    /** Returns the bytes of a command. */
    public static byte[] encode(PersistentCommand command) {
        MessageWriter out = new MessageWriter();
        ENTRY.write(command, out);
        return out.toBytes();
    }

    /**
     * Returns the command that bytes hold.
     *
     * @throws UnknownFormException where this server does not know it
     */
    public static PersistentCommand decode(ByteBuffer bytes) {
        return MessageReader.read(bytes, ENTRY);
    }

    private static void write(MessageWriter out, PersistentCommand command) {
        out.number(VERSION_FIELD, VERSION);
        command.handle(new Writer(out));
    }

    private static PersistentCommand read(MessageReader in) {
        long version = in.number(VERSION_FIELD);
        if (version < 1 || version > VERSION) {
            throw new UnknownFormException("version of an entry: " + version + " (expected: 1.." + VERSION
                    + "; a newer server has written it)");
        }
        int kind = in.field();
        return switch (kind) {
            case 2 -> in.message(2, CommandForms.PUT_INSTANCE);
            case 3 -> in.message(3, CommandForms.REMOVE_INSTANCE);
            case 4 -> in.message(4, CommandForms.SET_HEALTH);
            case 5 -> in.message(5, CommandForms.PUT_SERVICE);
            case 6 -> in.message(6, CommandForms.REMOVE_SERVICE);
            case 7 -> in.message(7, CommandForms.PUT_CLUSTER);
            case 8 -> in.message(8, CommandForms.PUT_OVERRIDE);
            case 9 -> in.message(9, CommandForms.PATCH_OVERRIDE);
            case 10 -> in.message(10, CommandForms.MERGE_METADATA);
            case 11 -> in.message(11, CommandForms.DROP_OVERRIDES);
            case 12 -> in.message(12, CommandForms.PUT_NAMESPACE);
            case 13 -> in.message(13, CommandForms.REMOVE_NAMESPACE);
            case 14 -> in.message(14, CommandForms.SET_SWITCH);
            case 15 -> in.message(15, CommandForms.END_OVERRIDES);
            case 16 -> in.message(16, AccountForms.FOUND_ACCESS);
            case 17 -> in.message(17, AccountForms.PUT_USER);
            case 18 -> in.message(18, AccountForms.REMOVE_USER);
            case 19 -> in.message(19, AccountForms.BIND_ROLE);
            case 20 -> in.message(20, AccountForms.UNBIND_ROLE);
            case 21 -> in.message(21, AccountForms.GRANT);
            case 22 -> in.message(22, AccountForms.REVOKE);
            case 24 -> in.message(24, AccountForms.ROTATE_KEYS);
            default ->
                throw new UnknownFormException(
                        "kind of command: " + kind + " (expected: 2..22 or 24; a newer server has written it)");
        };
    }

    private record Writer(MessageWriter out) implements PersistentCommand.Handler<MessageWriter> {

        private <T> MessageWriter put(int field, Form<T> form, T command) {
            out.message(field, form, command);
            return out;
        }

        @Override
        public MessageWriter putInstance(PersistentCommand.PutInstance command) {
            return put(2, CommandForms.PUT_INSTANCE, command);
        }

        @Override
        public MessageWriter removeInstance(PersistentCommand.RemoveInstance command) {
            return put(3, CommandForms.REMOVE_INSTANCE, command);
        }

        @Override
        public MessageWriter setHealth(PersistentCommand.SetHealth command) {
            return put(4, CommandForms.SET_HEALTH, command);
        }

        @Override
        public MessageWriter putService(PersistentCommand.PutService command) {
            return put(5, CommandForms.PUT_SERVICE, command);
        }

        @Override
        public MessageWriter removeService(PersistentCommand.RemoveService command) {
            return put(6, CommandForms.REMOVE_SERVICE, command);
        }

        @Override
        public MessageWriter putCluster(PersistentCommand.PutCluster command) {
            return put(7, CommandForms.PUT_CLUSTER, command);
        }

        @Override
        public MessageWriter putOverride(PersistentCommand.PutOverride command) {
            return put(8, CommandForms.PUT_OVERRIDE, command);
        }

        @Override
        public MessageWriter patchOverride(PersistentCommand.PatchOverride command) {
            return put(9, CommandForms.PATCH_OVERRIDE, command);
        }

        @Override
        public MessageWriter mergeMetadata(PersistentCommand.MergeMetadata command) {
            return put(10, CommandForms.MERGE_METADATA, command);
        }

        @Override
        public MessageWriter dropOverrides(PersistentCommand.DropOverrides command) {
            return put(11, CommandForms.DROP_OVERRIDES, command);
        }

        @Override
        public MessageWriter endOverrides(PersistentCommand.EndOverrides command) {
            return put(15, CommandForms.END_OVERRIDES, command);
        }

        @Override
        public MessageWriter putNamespace(PersistentCommand.PutNamespace command) {
            return put(12, CommandForms.PUT_NAMESPACE, command);
        }

        @Override
        public MessageWriter removeNamespace(PersistentCommand.RemoveNamespace command) {
            return put(13, CommandForms.REMOVE_NAMESPACE, command);
        }

        @Override
        public MessageWriter setSwitch(PersistentCommand.SetSwitch command) {
            return put(14, CommandForms.SET_SWITCH, command);
        }

        @Override
        public MessageWriter foundAccess(PersistentCommand.FoundAccess command) {
            return put(16, AccountForms.FOUND_ACCESS, command);
        }

        @Override
        public MessageWriter putUser(PersistentCommand.PutUser command) {
            return put(17, AccountForms.PUT_USER, command);
        }

        @Override
        public MessageWriter removeUser(PersistentCommand.RemoveUser command) {
            return put(18, AccountForms.REMOVE_USER, command);
        }

        @Override
        public MessageWriter bindRole(PersistentCommand.BindRole command) {
            return put(19, AccountForms.BIND_ROLE, command);
        }

        @Override
        public MessageWriter unbindRole(PersistentCommand.UnbindRole command) {
            return put(20, AccountForms.UNBIND_ROLE, command);
        }

        @Override
        public MessageWriter grant(PersistentCommand.Grant command) {
            return put(21, AccountForms.GRANT, command);
        }

        @Override
        public MessageWriter revoke(PersistentCommand.Revoke command) {
            return put(22, AccountForms.REVOKE, command);
        }

        @Override
        public MessageWriter rotateKeys(PersistentCommand.RotateKeys command) {
            return put(24, AccountForms.ROTATE_KEYS, command);
        }
    }
}
