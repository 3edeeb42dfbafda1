package dev.sluice.shared.outbound;

import io.netty.resolver.AddressResolver;
import io.netty.resolver.AddressResolverGroup;
import io.netty.util.concurrent.EventExecutor;
import java.net.InetSocketAddress;

/** One {@link CheckedResolver} per event loop; closing it closes the group behind it. */
final class CheckedResolverGroup extends AddressResolverGroup<InetSocketAddress> {

    private final AddressResolverGroup<InetSocketAddress> delegate;
    private final AddressPolicy policy;

    CheckedResolverGroup(AddressResolverGroup<InetSocketAddress> delegate, AddressPolicy policy) {
        this.delegate = delegate;
        this.policy = policy;
    }

    @Override
    protected AddressResolver<InetSocketAddress> newResolver(EventExecutor executor) {
        return new CheckedResolver(executor, delegate.getResolver(executor), policy);
    }

    @Override
    public void close() {
        super.close();
        delegate.close();
    }
}
