module consumer {
    requires lox.sync;
}
