package dev.sluice.shared.outbound;

import io.netty.resolver.AddressResolver;
import io.netty.resolver.AddressResolverGroup;
import io.netty.util.concurrent.EventExecutor;
import java.net.InetSocketAddress;

/** One {@link CheckedResolver} per event loop; closing it closes the group behind it. */
final class CheckedResolverGroup extends AddressResolverGroup<InetSocketAddress> {

    private final AddressResolverGroup<InetSocketAddress> delegate;
    private final OutboundAccess access;

    CheckedResolverGroup(AddressResolverGroup<InetSocketAddress> delegate, OutboundAccess access) {
        this.delegate = delegate;
        this.access = access;
    }

    @Override
    protected AddressResolver<InetSocketAddress> newResolver(EventExecutor executor) {
        return new CheckedResolver(executor, delegate.getResolver(executor), access);
    }

    @Override
    public void close() {
        super.close();
        delegate.close();
    }
}
