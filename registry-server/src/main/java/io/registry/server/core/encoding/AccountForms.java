package io.registry.server.core.encoding;

import io.registry.server.core.account.Account;
import io.registry.server.core.account.Permission;
import io.registry.server.core.account.SigningKey;
import io.registry.server.core.persistent.PersistentCommand;

/** Users, permissions and keys, and the commands about them. */
final class AccountForms {

    private static final Form<String> ROLE = new Form<>("Role", (out, role) -> out.text(1, role), in -> in.text(1));

    static final Form<Account> ACCOUNT = new Form<>(
            "Account",
            (out, account) -> {
                out.text(1, account.name());
                out.text(2, account.passwordHash());
                out.messages(3, ROLE, account.roles());
            },
            in -> new Account(in.text(1), in.text(2), in.messages(3, ROLE)));

    static final Form<Permission> PERMISSION = new Form<>(
            "Permission",
            (out, value) -> {
                out.text(1, value.role());
                out.text(2, value.resource());
                out.text(3, value.action());
            },
            in -> new Permission(in.text(1), in.text(2), in.text(3)));

    static final Form<SigningKey> SIGNING_KEY = new Form<>(
            "SigningKey",
            (out, value) -> {
                out.text(1, value.id());
                out.text(2, value.secret());
                out.number(3, value.createdAtMillis());
                out.number(4, value.validUntilMillis());
            },
            in -> new SigningKey(in.text(1), in.text(2), in.number(3), in.number(4)));

    static final Form<PersistentCommand.FoundAccess> FOUND_ACCESS = new Form<>(
            "FoundAccess",
            (out, command) -> {
                out.text(1, command.administrator());
                out.text(2, command.passwordHash());
                out.message(3, SIGNING_KEY, command.key());
            },
            in -> new PersistentCommand.FoundAccess(in.text(1), in.text(2), in.message(3, SIGNING_KEY)));

    static final Form<PersistentCommand.PutUser> PUT_USER = new Form<>(
            "PutUser",
            (out, command) -> {
                out.text(1, command.name());
                out.text(2, command.passwordHash());
                out.optionalText(3, command.replaces());
            },
            in -> new PersistentCommand.PutUser(in.text(1), in.text(2), in.optionalText(3)));

    static final Form<PersistentCommand.RemoveUser> REMOVE_USER = new Form<>(
            "RemoveUser",
            (out, command) -> {
                out.text(1, command.name());
            },
            in -> new PersistentCommand.RemoveUser(in.text(1)));

    static final Form<PersistentCommand.BindRole> BIND_ROLE = new Form<>(
            "BindRole",
            (out, command) -> {
                out.text(1, command.role());
                out.text(2, command.user());
            },
            in -> new PersistentCommand.BindRole(in.text(1), in.text(2)));

    static final Form<PersistentCommand.UnbindRole> UNBIND_ROLE = new Form<>(
            "UnbindRole",
            (out, command) -> {
                out.text(1, command.role());
                out.text(2, command.user());
            },
            in -> new PersistentCommand.UnbindRole(in.text(1), in.text(2)));

    static final Form<PersistentCommand.Grant> GRANT = new Form<>(
            "Grant",
            (out, command) -> {
                out.message(1, PERMISSION, command.permission());
            },
            in -> new PersistentCommand.Grant(in.message(1, PERMISSION)));

    static final Form<PersistentCommand.Revoke> REVOKE = new Form<>(
            "Revoke",
            (out, command) -> {
                out.message(1, PERMISSION, command.permission());
            },
            in -> new PersistentCommand.Revoke(in.message(1, PERMISSION)));

    static final Form<PersistentCommand.RotateKeys> ROTATE_KEYS = new Form<>(
            "RotateKeys",
            (out, command) -> {
                out.message(1, SIGNING_KEY, command.key());
                out.number(2, command.othersUntilMillis());
            },
            in -> new PersistentCommand.RotateKeys(in.message(1, SIGNING_KEY), in.number(2)));

    private AccountForms() {}
}
