package dev.sluice.executor.protobuf;

import com.google.protobuf.DescriptorProtos.Edition;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.MethodDescriptorProto;
import com.google.protobuf.DescriptorProtos.ServiceDescriptorProto;
import java.util.HashSet;
import java.util.Set;

/**
 * Reads the text of a file (language specifications of proto2, proto3 and edition 2023). What it gives has names where the text has
 * them; whether there is what they name is another's question.
 */
final class FileParser {

    private static final int MOST_IMPORTS = 100;

    private final Words words;
    private final OptionParser options;
    private final FileDescriptorProto.Builder file;
    private final Set<String> imports = new HashSet<>();

    private FileParser(String name, String text) throws ProtoException {
        this.words = new Words(name, text);
        this.options = new OptionParser(words);
        this.file = FileDescriptorProto.newBuilder().setName(name);
    }

    /**
     * The file that a text describes.
     *
     * @param name by which others import it, and which messages about it begin with
     */
    static FileDescriptorProto parse(String name, String text) throws ProtoException {
        FileParser parser = new FileParser(name, text);
        Syntax syntax = parser.syntax();
        parser.statements(syntax, new MessageParser(parser.words, syntax));
        return parser.file.build();
    }

    private Syntax syntax() throws ProtoException {
        if (words.accept("syntax")) {
            words.expect("=");
            Token at = words.peek();
            Syntax syntax = switch (words.text()) {
                case "proto2" -> Syntax.PROTO2;
                case "proto3" -> Syntax.PROTO3;
                default -> throw words.wrong(at, "the syntax is neither proto2 nor proto3");
            };
            words.expect(";");
            if (syntax == Syntax.PROTO3) {
                file.setSyntax("proto3");
            }
            return syntax;
        }
        if (words.accept("edition")) {
            words.expect("=");
            Token at = words.peek();
            if (!words.text().equals("2023")) {
                throw words.wrong(at, "no other edition than 2023 is available");
            }
            words.expect(";");
            file.setSyntax("editions").setEdition(Edition.EDITION_2023);
            return Syntax.EDITION_2023;
        }
        return Syntax.PROTO2;
    }

    private void statements(Syntax syntax, MessageParser messages) throws ProtoException {
        while (words.peek().kind() != Token.Kind.END) {
            Token first = words.take();
            switch (first.text()) {
                case ";" -> {}
                case "import" -> imported();
                case "package" -> named(first);
                case "option" -> option(syntax);
                case "message" -> file.addMessageType(messages.message(1));
                case "enum" -> file.addEnumType(messages.enumeration());
                case "service" -> file.addService(service());
                case "extend" -> messages.extension(1);
                default -> throw words.wrong(first, first.described() + " begins nothing that a file may have");
            }
        }
    }

    private void imported() throws ProtoException {
        if (words.accept("public")) {
            file.addPublicDependency(file.getDependencyCount());
        } else if (words.accept("weak")) {
            file.addWeakDependency(file.getDependencyCount());
        }
        Token at = words.peek();
        String name = words.text();
        if (imports.size() == MOST_IMPORTS) {
            throw words.wrong(at, "the file imports more than " + MOST_IMPORTS + " others");
        }
        if (!imports.add(name)) {
            throw words.wrong(at, "'" + name + "' is imported twice");
        }
        file.addDependency(name);
        words.expect(";");
    }

    private void named(Token at) throws ProtoException {
        if (file.hasPackage()) {
            throw words.wrong(at, "there is more than one package");
        }
        file.setPackage(words.fullName(false));
        words.expect(";");
    }

    private void option(Syntax syntax) throws ProtoException {
        OptionParser.Option option = options.statement();
        if (syntax == Syntax.EDITION_2023) {
            options.feature(option, file.getOptionsBuilder().getFeaturesBuilder());
        }
    }

    private ServiceDescriptorProto service() throws ProtoException {
        ServiceDescriptorProto.Builder service =
                ServiceDescriptorProto.newBuilder().setName(words.name("the name of a service"));
        words.expect("{");
        while (!words.accept("}")) {
            if (words.accept("option")) {
                var _ = options.statement();
            } else if (!words.accept(";")) {
                words.expect("rpc");
                service.addMethod(method());
            }
        }
        return service.build();
    }

    private MethodDescriptorProto method() throws ProtoException {
        MethodDescriptorProto.Builder method =
                MethodDescriptorProto.newBuilder().setName(words.name("the name of a method"));
        Party taken = party();
        words.expect("returns");
        Party given = party();
        method.setClientStreaming(taken.streaming()).setInputType(taken.type());
        method.setServerStreaming(given.streaming()).setOutputType(given.type());
        if (words.accept("{")) {
            while (!words.accept("}")) {
                if (words.accept("option")) {
                    var _ = options.statement();
                } else {
                    words.expect(";");
                }
            }
        } else {
            words.expect(";");
        }
        return method.build();
    }

    /**
     * What a method takes or gives.
     *
     * @param type its name
     */
    private record Party(boolean streaming, String type) {}

    private Party party() throws ProtoException {
        words.expect("(");
        Party party = new Party(words.accept("stream"), words.fullName(true));
        words.expect(")");
        return party;
    }
}
