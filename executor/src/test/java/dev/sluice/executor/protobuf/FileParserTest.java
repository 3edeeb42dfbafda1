package dev.sluice.executor.protobuf;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.AnyProto;
import com.google.protobuf.DescriptorProtos;
import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.EnumDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldOptions;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.MessageOptions;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DurationProto;
import com.google.protobuf.FieldMaskProto;
import com.google.protobuf.StructProto;
import com.google.protobuf.TimestampProto;
import com.google.protobuf.TypeProto;
import com.google.protobuf.WrappersProto;
import io.grpc.channelz.v1.ChannelzProto;
import io.grpc.health.v1.HealthProto;
import io.grpc.reflection.v1.ServerReflectionProto;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Files that come with libraries, of which their compiler made descriptors too. */
final class FileParserTest {

    static Stream<FileDescriptor> files() {
        return Stream.of(
                DescriptorProtos.getDescriptor(),
                AnyProto.getDescriptor(),
                DurationProto.getDescriptor(),
                FieldMaskProto.getDescriptor(),
                StructProto.getDescriptor(),
                TimestampProto.getDescriptor(),
                TypeProto.getDescriptor(),
                WrappersProto.getDescriptor(),
                HealthProto.getDescriptor(),
                ServerReflectionProto.getDescriptor(),
                ChannelzProto.getDescriptor(),
                com.google.api.HttpProto.getDescriptor(),
                com.google.rpc.ErrorDetailsProto.getDescriptor(),
                com.google.rpc.context.AttributeContextProto.getDescriptor(),
                com.google.type.MoneyProto.getDescriptor());
    }

    @ParameterizedTest
    @MethodSource("files")
    void readsWhatTheCompilerReads(FileDescriptor compiled) throws Exception {
        FileDescriptorProto read = FileParser.parse(compiled.getName(), text(compiled.getName()));
        FileDescriptor linked =
                FileDescriptor.buildFrom(read, compiled.getDependencies().toArray(FileDescriptor[]::new));

        assertThat(plain(linked.toProto())).isEqualTo(plain(compiled.toProto()));
        linked.getMessageTypes()
                .forEach(type -> type.getFields()
                        .forEach(field -> assertThat(field.isPacked())
                                .isEqualTo(compiled.findMessageTypeByName(type.getName())
                                        .findFieldByName(field.getName())
                                        .isPacked())));
    }

    private static String text(String name) throws IOException {
        try (InputStream file = Objects.requireNonNull(
                FileParserTest.class.getClassLoader().getResourceAsStream(name), () -> "no " + name)) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** Without what only other compilers use, and with the names of types as authors write them. */
    private static FileDescriptorProto plain(FileDescriptorProto file) {
        FileDescriptorProto.Builder plain = file.toBuilder().clearOptions().clearExtension();
        plain.getMessageTypeBuilderList().forEach(FileParserTest::plain);
        plain.getEnumTypeBuilderList().forEach(FileParserTest::plain);
        plain.getServiceBuilderList().forEach(service -> {
            service.clearOptions();
            service.getMethodBuilderList()
                    .forEach(method -> method.clearOptions()
                            .setClientStreaming(method.getClientStreaming())
                            .setServerStreaming(method.getServerStreaming())
                            .setInputType(last(method.getInputType()))
                            .setOutputType(last(method.getOutputType())));
        });
        return plain.build();
    }

    private static void plain(DescriptorProto.Builder message) {
        boolean entry = message.getOptions().getMapEntry();
        message.clearOptions()
                .clearExtension()
                .clearExtensionRange()
                .clearReservedName()
                .clearReservedRange()
                .clearVisibility();
        if (entry) {
            message.setOptions(MessageOptions.newBuilder().setMapEntry(true));
        }
        message.getFieldBuilderList().forEach(FileParserTest::plain);
        message.getNestedTypeBuilderList().forEach(FileParserTest::plain);
        message.getEnumTypeBuilderList().forEach(FileParserTest::plain);
    }

    private static void plain(FieldDescriptorProto.Builder field) {
        boolean packed = field.getOptions().hasPacked();
        FieldOptions kept = FieldOptions.newBuilder()
                .setPacked(field.getOptions().getPacked())
                .build();
        field.clearOptions().clearJsonName().clearDefaultValue();
        if (packed) {
            field.setOptions(kept);
        }
        boolean optional = field.getProto3Optional();
        field.setProto3Optional(optional);
        if (field.hasTypeName()) {
            field.clearType().setTypeName(last(field.getTypeName()));
        }
    }

    private static void plain(EnumDescriptorProto.Builder type) {
        type.clearOptions().clearReservedName().clearReservedRange().clearVisibility();
        type.getValueBuilderList().forEach(value -> value.clearOptions());
    }

    private static String last(String name) {
        return name.substring(name.lastIndexOf('.') + 1);
    }
}
