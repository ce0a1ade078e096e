package lox.examples;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** Compiles samples against the class path of the tests, with all warnings. */
final class SampleCompiler {
    private SampleCompiler() {}

    /** What is compiled: one file with one class. */
    interface Unit {
        /** The simple name of the class. */
        String className();

        /** The text of the file. */
        String source();

        /** Where a line of the text stands in the documentation. */
        String place(long lineOfSource);
    }

    /** Returns what the compiler complained of, each with its place in the documentation. */
    static List<String> compile(List<? extends Unit> samples, Path output) throws IOException {
        JavaCompiler compiler = Objects.requireNonNull(ToolProvider.getSystemJavaCompiler(), "a JDK, not a JRE");
        DiagnosticCollector<JavaFileObject> diagnostics = new DiagnosticCollector<>();
        Map<URI, Unit> bySource = new HashMap<>();
        List<JavaFileObject> sources = new ArrayList<>();
        for (Unit sample : samples) {
            Source source = new Source(sample);
            bySource.put(source.toUri(), sample);
            sources.add(source);
        }
        List<String> options = List.of(
                "-d",
                output.toString(),
                "-classpath",
                System.getProperty("java.class.path"),
                "--release",
                "17",
                "-proc:none",
                "-Xlint:all,-path,-classfile");
        boolean compiled;
        try (StandardJavaFileManager files = compiler.getStandardFileManager(diagnostics, Locale.ROOT, null)) {
            compiled = compiler.getTask(null, files, diagnostics, options, null, sources)
                    .call();
        }
        List<String> complaints = new ArrayList<>();
        for (Diagnostic<? extends JavaFileObject> diagnostic : diagnostics.getDiagnostics()) {
            JavaFileObject source = diagnostic.getSource();
            Unit sample = source == null ? null : bySource.get(source.toUri());
            complaints.add((sample == null ? "" : sample.place(diagnostic.getLineNumber()) + ": ")
                    + diagnostic.getMessage(Locale.ROOT));
        }
        if (!compiled && complaints.isEmpty()) {
            complaints.add("the compiler failed without a word");
        }
        return complaints;
    }

    private static final class Source extends SimpleJavaFileObject {
        private final String code;

        Source(Unit sample) {
            super(URI.create("sample:///" + sample.className() + ".java"), Kind.SOURCE);
            code = sample.source();
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return code;
        }
    }
}
