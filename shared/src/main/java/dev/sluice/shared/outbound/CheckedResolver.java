package dev.sluice.shared.outbound;

import io.netty.resolver.AbstractAddressResolver;
import io.netty.resolver.AddressResolver;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Resolves through another resolver and lets only permitted addresses through: what was checked is what is connected
 * to, as nobody resolves again in between. Literals are checked on the same way, and so is what is connected to instead.
 */
final class CheckedResolver extends AbstractAddressResolver<InetSocketAddress> {

    private final AddressResolver<InetSocketAddress> delegate;
    private final AddressPolicy policy;
    private final ConnectTo connectTo;

    CheckedResolver(EventExecutor executor, AddressResolver<InetSocketAddress> delegate, OutboundAccess access) {
        super(executor, InetSocketAddress.class);
        this.delegate = delegate;
        this.policy = access.policy();
        this.connectTo = access.connectTo();
    }

    /** Never: a literal counts as resolved for Netty, which would then connect without asking. */
    @Override
    protected boolean doIsResolved(InetSocketAddress address) {
        return false;
    }

    @Override
    protected void doResolve(InetSocketAddress address, Promise<InetSocketAddress> promise) {
        resolveAll(address).addListener((Future<List<InetSocketAddress>> all) -> {
            if (all.isSuccess()) {
                promise.trySuccess(all.getNow().getFirst());
            } else {
                promise.tryFailure(all.cause());
            }
        });
    }

    @Override
    protected void doResolveAll(InetSocketAddress asked, Promise<List<InetSocketAddress>> promise) {
        InetSocketAddress address = connectTo.target(asked);
        if (!address.isUnresolved()) {
            settle(null, List.of(address), promise);
            return;
        }
        delegate.resolveAll(address).addListener((Future<List<InetSocketAddress>> all) -> {
            if (all.isSuccess()) {
                settle(address.getHostString(), all.getNow(), promise);
            } else {
                promise.tryFailure(all.cause());
            }
        });
    }

    private void settle(
            @Nullable String host, List<InetSocketAddress> answers, Promise<List<InetSocketAddress>> promise) {
        List<InetSocketAddress> permitted = answers.stream()
                .filter(answer -> policy.permits(host, answer.getAddress(), answer.getPort()))
                .toList();
        if (permitted.isEmpty()) {
            promise.tryFailure(new OutboundException(
                    OutboundException.Kind.REFUSED_ADDRESS,
                    false,
                    "The address is not public and sluice.outbound.allow does not name it.",
                    null));
        } else {
            promise.trySuccess(permitted);
        }
    }
}
