package lox.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import lox.sync.lock.PermitRequest;
import lox.sync.lock.QLock;
import lox.test.Patience;
import org.junit.jupiter.api.Test;

/** An application that is taken down leaves nothing of itself in threads of lox, however many of these it was the first to need. */
class ClassLoaderRetentionTest {
    @Test
    void shouldLetGoOfTheClassLoaderOfAnApplicationThatHasGone() throws Exception {
        WeakReference<ClassLoader> loader = new WeakReference<>(comeAndGo());

        Patience.until("the application's class loader to be collected", () -> {
            keepThreadsBusy(); // they are not to let go of it by ending
            System.gc();
            return loader.get() == null;
        });
    }

    private static void keepThreadsBusy() {
        try {
            new Application().call();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static ClassLoader comeAndGo() throws Exception {
        ClassLoader loader = new Redeployed();
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(loader);
        try {
            Object application = loader.loadClass(Application.class.getName())
                    .getDeclaredConstructor()
                    .newInstance();
            assertThat(application).isNotInstanceOf(Application.class);
            assertThat(((Callable<?>) application).call()).isEqualTo(List.of(0, 1, 2, 3, 4, 5, 6, 7));
        } finally {
            thread.setContextClassLoader(before);
        }
        return loader;
    }

    /** Uses whatever of lox needs threads of lox's own. */
    public static final class Application implements Callable<List<Integer>> {
        @Override
        public List<Integer> call() throws InterruptedException {
            int tasks = 8;
            CountDownLatch allRun = new CountDownLatch(tasks); // so that each has a thread, the new ones among them
            try (Workers workers = Workers.threads(tasks)
                    .taskTimeout(Duration.ofSeconds(Patience.SECONDS))
                    .build()) {
                Scatter<Integer, Integer> function = Lox.on(workers, i -> {
                    Thread.currentThread().setContextClassLoader(Application.class.getClassLoader());
                    allRun.countDown();
                    assertThat(allRun.await(Patience.SECONDS, TimeUnit.SECONDS)).isTrue();
                    return i;
                });
                for (int i = 0; i < tasks; i++) {
                    function.scatter(i);
                }
                List<Integer> results = function.gather();
                waitForALock();
                return results;
            }
        }

        private static void waitForALock() throws InterruptedException {
            QLock lock = new QLock();
            try (var held = lock.acquire();
                    PermitRequest<?> late = lock.request(Duration.ofMillis(1))) {
                assertThat(held).isNotNull();
                assertThat(late.stage().toCompletableFuture())
                        .failsWithin(Patience.LIMIT)
                        .withThrowableThat()
                        .isNotInstanceOf(TimeoutException.class); // which AssertJ takes for a failure, too
            }
        }
    }

    /** Makes its own classes of the application, as a server does for each deployment. */
    private static final class Redeployed extends ClassLoader {
        Redeployed() {
            super(ClassLoaderRetentionTest.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (!name.startsWith(Application.class.getName())) {
                return super.loadClass(name, resolve);
            }
            Class<?> known = findLoadedClass(name);
            if (known != null) {
                return known;
            }
            String file = name.replace('.', '/') + ".class";
            try (InputStream in = getParent().getResourceAsStream(file)) {
                if (in == null) {
                    throw new ClassNotFoundException(name);
                }
                byte[] bytes = in.readAllBytes();
                return defineClass(name, bytes, 0, bytes.length);
            } catch (IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }
    }
}
