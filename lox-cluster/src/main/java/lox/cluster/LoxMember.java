package lox.cluster;

import java.io.IOException;
import java.io.InputStream;
import java.io.ObjectInputFilter;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import lox.cluster.internal.BadInputException;
import lox.cluster.internal.MemberAgent;
import lox.cluster.internal.MemberArguments;

/**
 * The program of a member: offers this machine's processors to every program that joins the cluster, until it is told
 * to end. {@code --help} lists its options.
 *
 * <pre>
 * java -jar lox-member.jar --bind 10.0.0.5 --join 10.0.0.6:7800 --slots 8 --token-file token \
 *     --keystore member.p12 --keystore-password-file password
 * </pre>
 *
 * <p>It ends with exit code 2, and a message, if an option cannot be used; nothing has been started then. At
 * {@code SIGTERM} it takes no more workers, and lets those that are there finish what they are at.
 */
public final class LoxMember {
    private static final int BAD_INPUT = 2;
    private static final long END_NANOS = TimeUnit.SECONDS.toNanos(2); // of killed processes

    private LoxMember() {}

    /**
     * Runs a member.
     *
     * @param arguments the options
     * @throws InterruptedException if the thread is interrupted, which nothing does
     */
    public static void main(String[] arguments) throws InterruptedException {
        if (List.of(arguments).contains("--help")) {
            System.out.println(MemberArguments.USAGE);
            return;
        }
        ObjectInputFilter.Config.setSerialFilter(
                info -> info.serialClass() == null // of users' objects a member reads none, whatever a stranger sends
                        ? ObjectInputFilter.Status.UNDECIDED
                        : ObjectInputFilter.Status.REJECTED);
        InputStream input = System.in;
        MemberArguments parsed;
        MemberAgent member;
        try {
            parsed = MemberArguments.parse(arguments);
            member = MemberAgent.join(parsed.toSettings(input, hostName()));
        } catch (BadInputException bad) {
            System.err.println("LoxMember: " + bad.getMessage());
            System.exit(BAD_INPUT);
            return;
        } catch (IOException | RuntimeException failed) {
            System.err.println("LoxMember: " + failed);
            System.exit(1);
            return;
        }
        Runtime.getRuntime().addShutdownHook(new Thread(() -> drain(member), "lox-drain"));
        System.out.println(
                "lox member ready, control port " + member.controlPort() + ", data port " + member.dataPort());
        System.out.flush();
        if (parsed.endsWithInput()) {
            awaitEnd(input);
            try { // whoever has started it is gone, or wants it gone: nobody waits for its workers
                member.endWorkers(END_NANOS);
            } finally {
                Runtime.getRuntime().halt(0);
            }
        }
        new CountDownLatch(1).await();
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException nameless) {
            return "member-" + ProcessHandle.current().pid();
        }
    }

    private static void drain(MemberAgent member) {
        try {
            member.drain();
        } catch (IOException unclosable) {
            System.err.println("LoxMember: " + unclosable);
        }
    }

    private static void awaitEnd(InputStream input) {
        try {
            input.transferTo(OutputStream.nullOutputStream());
        } catch (IOException closed) {
            System.err.println("LoxMember: standard input cannot be read: " + closed);
        }
    }
}
