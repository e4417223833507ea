package io.registry.example;

import io.registry.api.error.ErrorCode;
import io.registry.api.error.RegistryException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Runs the program that its first argument names.
 *
 * <p>The exit status is 0 where the program saw what it expected, 1 where it did not, and 2 where an argument is wrong.
 * Ctrl-C interrupts the program's thread, and the process waits until it has left the registry in its own order.
 */
@Command(
        name = "java -jar registry-example/target/registry-example.jar",
        description = "Small programs against a registry; each explains itself with --help.",
        synopsisSubcommandLabel = "PROGRAM",
        subcommands = {
            RegisterAndSubscribe.class,
            PersistentService.class,
            FailoverDemo.class,
            CallByNameProvider.class,
            CallByNameConsumer.class,
            LoadGenerator.class
        })
public final class Examples {

    private static final long LEAVE_SECONDS_MAX = 15;

    private Examples() {}

    /** Runs a program and ends the process with its exit status. */
    public static void main(String[] args) {
        CountDownLatch ended = new CountDownLatch(1);
        Thread program = Thread.currentThread();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> leave(program, ended), "leave"));
        int status = commands().execute(args);
        ended.countDown();
        System.exit(status);
    }

    /** Returns the programs, ready to be given arguments. */
    static CommandLine commands() {
        CommandLine commands = new CommandLine(new Examples());
        addHelp(commands);
        commands.getSubcommands().values().forEach(Examples::addHelp);
        return commands.setExecutionExceptionHandler((e, command, parsed) -> failed(e, command));
    }

    private static void addHelp(CommandLine command) {
        command.getCommandSpec()
                .addOption(OptionSpec.builder("-h", "--help")
                        .usageHelp(true)
                        .description("say what this does, and its options")
                        .build());
    }

    private static void leave(Thread program, CountDownLatch ended) {
        program.interrupt();
        try {
            if (!ended.await(LEAVE_SECONDS_MAX, TimeUnit.SECONDS)) {
                System.err.println("did not leave within " + LEAVE_SECONDS_MAX + " s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static int failed(Exception e, CommandLine command) throws Exception {
        // Ctrl-C also ends calls to the registry, which then say that nobody has answered.
        if (e instanceof InterruptedException || Thread.interrupted()) {
            command.getOut().println("left before the end");
            return ExitCode.SOFTWARE;
        }
        if (e instanceof CommonOptions.WrongOptionException) {
            command.getErr().println(e.getMessage());
            return ExitCode.USAGE;
        }
        if (e instanceof RegistryException refusal) {
            command.getErr().println(refusal.code() + ": " + refusal.getMessage());
            if (refusal.code() == ErrorCode.UNREACHABLE) {
                command.getErr().println("Is a server running there? --server names another one.");
            }
            return ExitCode.SOFTWARE;
        }
        throw e;
    }
}
