package dev.sluice.executor.call.grpc;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A server of gRPC that is somebody else's, with a service of each kind of method. Blocks. */
final class ThingsServer implements AutoCloseable {

    /** What its author gave of it. */
    static final String PROTO = """
            syntax = "proto3";
            package things.v1;
            import "google/protobuf/struct.proto";

            service Things {
              rpc Echo(google.protobuf.Struct) returns (google.protobuf.Struct);
              rpc Fail(google.protobuf.Struct) returns (google.protobuf.Struct);
              rpc Slow(google.protobuf.Struct) returns (google.protobuf.Struct);
              rpc Count(google.protobuf.Struct) returns (stream google.protobuf.Struct);
              rpc Sum(stream google.protobuf.Struct) returns (google.protobuf.Struct);
              rpc Chat(stream google.protobuf.Struct) returns (stream google.protobuf.Struct);
            }
            """;

    final Queue<Metadata> asked = new ConcurrentLinkedQueue<>();
    final Queue<Long> deadlines = new ConcurrentLinkedQueue<>();
    final CountDownLatch slow = new CountDownLatch(1);
    final CountDownLatch cancelled = new CountDownLatch(1);
    final HealthStatusManager health = new HealthStatusManager();
    private final Server server;
    private final int port;

    ThingsServer() {
        this(null);
    }

    /** Over TLS with this key. */
    ThingsServer(dev.sluice.shared.testing.@Nullable TestTls tls) {
        try {
            NettyServerBuilder builder = NettyServerBuilder.forAddress(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                    .maxInboundMessageSize(32 << 20)
                    .addService(health.getHealthService())
                    .addService(ServerInterceptors.intercept(things(), new Noting()));
            if (tls != null) {
                builder.sslContext(GrpcSslContexts.configure(
                                io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder.forServer(tls.keys()))
                        .build());
            }
            this.server = builder.build().start();
            this.port = server.getPort();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    int port() {
        return port;
    }

    @Override
    public void close() {
        server.shutdownNow();
        try {
            server.awaitTermination(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private ServerServiceDefinition things() {
        return ServerServiceDefinition.builder("things.v1.Things")
                .addMethod(method("Echo", MethodType.UNARY), ServerCalls.asyncUnaryCall((said, to) -> one(to, said)))
                .addMethod(method("Fail", MethodType.UNARY), ServerCalls.asyncUnaryCall(ThingsServer::fail))
                .addMethod(method("Slow", MethodType.UNARY), ServerCalls.asyncUnaryCall(this::slow))
                .addMethod(
                        method("Count", MethodType.SERVER_STREAMING),
                        ServerCalls.asyncServerStreamingCall(ThingsServer::count))
                .addMethod(
                        method("Sum", MethodType.CLIENT_STREAMING), ServerCalls.asyncClientStreamingCall(Summing::new))
                .addMethod(method("Chat", MethodType.BIDI_STREAMING), ServerCalls.asyncBidiStreamingCall(Chatting::new))
                .build();
    }

    private static MethodDescriptor<Struct, Struct> method(String name, MethodType type) {
        return MethodDescriptor.<Struct, Struct>newBuilder()
                .setFullMethodName("things.v1.Things/" + name)
                .setType(type)
                .setRequestMarshaller(ProtoUtils.marshaller(Struct.getDefaultInstance()))
                .setResponseMarshaller(ProtoUtils.marshaller(Struct.getDefaultInstance()))
                .build();
    }

    private static void one(StreamObserver<Struct> to, Struct message) {
        to.onNext(message);
        to.onCompleted();
    }

    private static void fail(Struct said, StreamObserver<Struct> to) {
        to.onError(Status.fromCodeValue((int) number(said, "code"))
                .withDescription(said.getFieldsOrDefault("message", Value.getDefaultInstance())
                        .getStringValue())
                .asRuntimeException());
    }

    private void slow(Struct said, StreamObserver<Struct> to) {
        ((ServerCallStreamObserver<Struct>) to).setOnCancelHandler(cancelled::countDown);
        slow.countDown();
    }

    /** With a text of as many characters as are asked for, and an error at the end where that is. */
    private static void count(Struct said, StreamObserver<Struct> to) {
        Value text = Value.newBuilder()
                .setStringValue("x".repeat((int) number(said, "size")))
                .build();
        ServerCallStreamObserver<Struct> paced = (ServerCallStreamObserver<Struct>) to;
        paced.setOnReadyHandler(new Runnable() {

            private int next;

            @Override
            public void run() {
                while (paced.isReady() && next < number(said, "n")) {
                    paced.onNext(Struct.newBuilder()
                            .putFields("n", of(next++))
                            .putFields("text", text)
                            .build());
                }
                if (next == number(said, "n")) {
                    next++;
                    end(said, to);
                }
            }
        });
    }

    private static void end(Struct said, StreamObserver<Struct> to) {
        if (number(said, "code") > 0) {
            fail(said, to);
        } else {
            to.onCompleted();
        }
    }

    private static double number(Struct said, String name) {
        return said.getFieldsOrDefault(name, Value.getDefaultInstance()).getNumberValue();
    }

    private static Value of(double number) {
        return Value.newBuilder().setNumberValue(number).build();
    }

    /** Keeps what came with each call. */
    private final class Noting implements ServerInterceptor {

        @Override
        public <A, B> ServerCall.Listener<A> interceptCall(
                ServerCall<A, B> call, Metadata headers, ServerCallHandler<A, B> next) {
            asked.add(headers);
            var deadline = Context.current().getDeadline();
            deadlines.add(deadline == null ? -1 : deadline.timeRemaining(TimeUnit.MILLISECONDS));
            return next.startCall(call, headers);
        }
    }

    /** Tells the sum of what it was told, at the end. */
    private static class Summing implements StreamObserver<Struct> {

        final StreamObserver<Struct> to;
        private double sum;

        Summing(StreamObserver<Struct> to) {
            this.to = to;
        }

        @Override
        public void onNext(Struct said) {
            sum += number(said, "n");
        }

        @Override
        public void onError(Throwable error) {}

        @Override
        public void onCompleted() {
            one(to, Struct.newBuilder().putFields("sum", of(sum)).build());
        }
    }

    /** Says everything twice, as soon as it hears it. */
    private static final class Chatting extends Summing {

        Chatting(StreamObserver<Struct> to) {
            super(to);
        }

        @Override
        public void onNext(Struct said) {
            to.onNext(said);
            to.onNext(said);
        }

        @Override
        public void onCompleted() {
            to.onCompleted();
        }
    }
}
