package dev.sluice.shared.local;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Ctrl-C, SIGTERM and a closed terminal. A shutdown hook would do for the first of them, but never hears the second,
 * so this uses the JDK's own {@code sun.misc.Signal}, by reflection since the compiler refuses to name it.
 */
final class Interrupts {
    private Interrupts() {}

    /** The first signal calls {@code first} with its name, each further one {@code again}; on the JVM's signal thread. */
    static void handle(Consumer<String> first, Runnable again) {
        AtomicInteger received = new AtomicInteger();
        InvocationHandler handler = (proxy, method, arguments) -> switch (method.getName()) {
            case "handle" -> {
                dispatch(received, "SIG" + arguments[0].toString().replace("SIG", ""), first, again);
                yield null;
            }
            case "equals" -> System.identityHashCode(proxy) == System.identityHashCode(arguments[0]);
            case "hashCode" -> System.identityHashCode(proxy);
            default -> "Interrupts";
        };
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> type = Class.forName("sun.misc.SignalHandler");
            Object proxy = Proxy.newProxyInstance(Interrupts.class.getClassLoader(), new Class<?>[] {type}, handler);
            for (String name : new String[] {"INT", "TERM", "HUP"}) {
                signal.getMethod("handle", signal, type)
                        .invoke(null, signal.getConstructor(String.class).newInstance(name), proxy);
            }
        } catch (ReflectiveOperationException e) {
            throw new LocalFailure("This Java cannot handle signals: use a full JDK 25.", e);
        }
    }

    private static void dispatch(AtomicInteger received, String name, Consumer<String> first, Runnable again) {
        if (received.getAndIncrement() == 0) {
            first.accept(name);
        } else {
            again.run();
        }
    }
}
