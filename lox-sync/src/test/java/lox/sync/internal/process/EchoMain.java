package lox.sync.internal.process;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A child that tells how it was started. */
final class EchoMain {
    private EchoMain() {}

    public static void main(String[] args) throws ClassNotFoundException {
        if (args.length > 0 && args[0].equals("crash")) {
            System.err.println("about to halt");
            Runtime.getRuntime().halt(7);
        }
        tell("arguments", List.of(args));
        tell("locale", Locale.getDefault().toLanguageTag());
        tell("directory", System.getProperty("user.dir"));
        tell("property", System.getProperty("lox.test.property"));
        tell("variable", System.getenv("LOX_TEST"));
        tell("tools", System.getenv("JDK_JAVA_OPTIONS"));
        tell("heap", Runtime.getRuntime().maxMemory());
        tell("opened", Object.class.getModule().isOpen("sun.nio.ch", EchoMain.class.getModule()));
        tell("lox", Class.forName("lox.sync.Lox").getName());
        System.out.println("größer 語");
    }

    private static void tell(String name, @Nullable Object value) {
        System.out.println(name + "=" + value);
    }
}
