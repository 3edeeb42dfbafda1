package dev.sluice.executor.protobuf;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.EnumDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.ServiceDescriptorProto;

/**
 * How much all files of one document may define together: {@value #MOST_DEFINITIONS} messages, fields, values, services and methods,
 * whose full names have {@value #MOST_CHARACTERS} characters. They stay in memory for as long as a workflow that uses them, each with
 * its full name, in which the names around it are repeated. Not thread-safe.
 */
public final class ProtoBudget {

    private static final int MOST_DEFINITIONS = 50_000;
    private static final int MOST_CHARACTERS = 16_000_000;

    private long definitions;
    private long characters;

    /** Takes what a file defines from what is left. */
    void spend(FileDescriptorProto file) throws ProtoException {
        int outer = file.getPackage().length();
        for (DescriptorProto message : file.getMessageTypeList()) {
            spend(message, outer);
        }
        for (EnumDescriptorProto type : file.getEnumTypeList()) {
            spend(type, outer);
        }
        for (ServiceDescriptorProto service : file.getServiceList()) {
            int name = spend(outer, service.getName());
            for (var method : service.getMethodList()) {
                var _ = spend(name, method.getName());
            }
        }
    }

    private void spend(DescriptorProto message, int outer) throws ProtoException {
        int name = spend(outer, message.getName());
        for (var field : message.getFieldList()) {
            var _ = spend(name, field.getName());
        }
        for (var oneof : message.getOneofDeclList()) {
            var _ = spend(name, oneof.getName());
        }
        for (EnumDescriptorProto type : message.getEnumTypeList()) {
            spend(type, name);
        }
        for (DescriptorProto nested : message.getNestedTypeList()) {
            spend(nested, name);
        }
    }

    private void spend(EnumDescriptorProto type, int outer) throws ProtoException {
        int name = spend(outer, type.getName());
        for (var value : type.getValueList()) {
            var _ = spend(name, value.getName());
        }
    }

    /** Gives the length of the full name. */
    private int spend(int outer, String name) throws ProtoException {
        int length = outer + 1 + name.length();
        definitions++;
        characters += length;
        if (definitions > MOST_DEFINITIONS) {
            throw new ProtoException("more than " + MOST_DEFINITIONS
                    + " messages, fields, values, services and methods are defined by all files of the document");
        }
        if (characters > MOST_CHARACTERS) {
            throw new ProtoException("the full names of what all files of the document define are longer than "
                    + MOST_CHARACTERS + " characters together");
        }
        return length;
    }
}
