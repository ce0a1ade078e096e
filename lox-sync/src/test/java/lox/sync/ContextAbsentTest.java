package lox.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Where {@code io.micrometer:context-propagation} is not on the class path, nothing is missed. */
class ContextAbsentTest {
    @Test
    void shouldScatterAndGatherWithoutTheLibrary() throws Exception {
        URL lox = Lox.class.getProtectionDomain().getCodeSource().getLocation();
        try (URLClassLoader alone = new URLClassLoader(new URL[] {lox}, ClassLoader.getPlatformClassLoader())) {
            assertThatThrownBy(() -> alone.loadClass("io.micrometer.context.ContextRegistry"))
                    .isInstanceOf(ClassNotFoundException.class);
            Class<?> taskType = alone.loadClass("lox.sync.Task");
            Object task = Proxy.newProxyInstance(
                    alone, new Class<?>[] {taskType}, (proxy, method, arguments) -> "done: " + arguments[0]);
            Class<?> entry = alone.loadClass("lox.sync.Lox");
            Object scatter = entry.getMethod("thread", int.class, taskType).invoke(null, 2, task);
            Class<?> scatterType = alone.loadClass("lox.sync.Scatter");
            Method put = scatterType.getMethod("scatter", Object.class);

            put.invoke(scatter, 1);
            put.invoke(scatter, 2);

            assertThat(scatterType.getMethod("gather").invoke(scatter)).isEqualTo(List.of("done: 1", "done: 2"));
        }
    }
}
