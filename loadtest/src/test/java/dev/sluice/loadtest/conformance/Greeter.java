package dev.sluice.loadtest.conformance;

import com.google.protobuf.StringValue;
import dev.sluice.shared.testing.TestTls;
import io.grpc.Context;
import io.grpc.Contexts;
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
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** A service of gRPC like that of the reference's example, by its library for Java; once without TLS and once over it. Thread-safe. */
final class Greeter implements AutoCloseable {

    static final String FILE = """
            syntax = "proto3";
            package GreeterApi;
            import "messages/greeting.proto";

            service Greeter {
              rpc SayHello(Name) returns (Greeting);
              rpc SayHelloOften(Name) returns (stream Greeting);
              rpc SayHelloToAll(stream Name) returns (Greeting);
              rpc SayHelloToEach(stream Name) returns (stream Greeting);
              rpc SayWho(Name) returns (Greeting);
            }
            """;

    static final String MESSAGES = """
            syntax = "proto3";
            package GreeterApi;
            message Name { string name = 1; }
            message Greeting { string message = 1; }
            """;

    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);
    private static final Context.Key<String> WHO = Context.key("who");

    private final Server plain;
    private final Server secure;

    /** Starts on free ports. */
    Greeter(TestTls tls) {
        try {
            this.plain = server().build().start();
            this.secure = server().sslContext(GrpcSslContexts.configure(SslContextBuilder.forServer(tls.keys()))
                            .build())
                    .build()
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int port() {
        return plain.getPort();
    }

    int tlsPort() {
        return secure.getPort();
    }

    @Override
    public void close() {
        var _ = plain.shutdownNow();
        var _ = secure.shutdownNow();
    }

    private static NettyServerBuilder server() {
        return NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .addService(ServerInterceptors.intercept(service(), new Hearing()));
    }

    private static ServerServiceDefinition service() {
        return ServerServiceDefinition.builder("GreeterApi.Greeter")
                .addMethod(method("SayHello", MethodType.UNARY), ServerCalls.asyncUnaryCall(Greeter::hello))
                .addMethod(
                        method("SayHelloOften", MethodType.SERVER_STREAMING),
                        ServerCalls.asyncServerStreamingCall((name, to) -> {
                            to.onNext(greeting(name));
                            hello(name, to);
                        }))
                .addMethod(
                        method("SayHelloToAll", MethodType.CLIENT_STREAMING),
                        ServerCalls.asyncClientStreamingCall(to -> new Names(to, false)))
                .addMethod(
                        method("SayHelloToEach", MethodType.BIDI_STREAMING),
                        ServerCalls.asyncBidiStreamingCall(to -> new Names(to, true)))
                .addMethod(
                        method("SayWho", MethodType.UNARY),
                        ServerCalls.asyncUnaryCall((name, to) -> one(to, StringValue.of(WHO.get()))))
                .build();
    }

    /** One string is one string, whatever its message and field are called. */
    private static MethodDescriptor<StringValue, StringValue> method(String name, MethodType type) {
        return MethodDescriptor.<StringValue, StringValue>newBuilder()
                .setFullMethodName("GreeterApi.Greeter/" + name)
                .setType(type)
                .setRequestMarshaller(ProtoUtils.marshaller(StringValue.getDefaultInstance()))
                .setResponseMarshaller(ProtoUtils.marshaller(StringValue.getDefaultInstance()))
                .build();
    }

    private static StringValue greeting(StringValue name) {
        return StringValue.of("Hello " + name.getValue());
    }

    private static void hello(StringValue name, StreamObserver<StringValue> to) {
        if (name.getValue().equals("nobody")) {
            to.onError(Status.NOT_FOUND.withDescription("there is nobody").asRuntimeException());
        } else {
            one(to, greeting(name));
        }
    }

    private static void one(StreamObserver<StringValue> to, StringValue message) {
        to.onNext(message);
        to.onCompleted();
    }

    /** Hears who calls. */
    private static final class Hearing implements ServerInterceptor {

        @Override
        public <A, B> ServerCall.Listener<A> interceptCall(
                ServerCall<A, B> call, Metadata headers, ServerCallHandler<A, B> next) {
            String who = Objects.requireNonNullElse(headers.get(AUTHORIZATION), "nobody");
            return Contexts.interceptCall(Context.current().withValue(WHO, who), call, headers, next);
        }
    }

    /** Greets all of them, at once or at the end. */
    private static final class Names implements StreamObserver<StringValue> {

        private final StreamObserver<StringValue> to;
        private final boolean each;
        private final List<String> names = new ArrayList<>();

        Names(StreamObserver<StringValue> to, boolean each) {
            this.to = to;
            this.each = each;
        }

        @Override
        public void onNext(StringValue name) {
            names.add(name.getValue());
            if (each) {
                to.onNext(greeting(name));
            }
        }

        @Override
        public void onError(Throwable error) {
            names.clear();
        }

        @Override
        public void onCompleted() {
            if (!each) {
                to.onNext(greeting(StringValue.of(String.join(" and ", names))));
            }
            to.onCompleted();
        }
    }
}
