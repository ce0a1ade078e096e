package lox.sync.lock.lincheck;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What the locks promise, for one thread: a list of those inside, a list of those who wait, and who may join whom. */
public abstract class LockModel {
    /** A request, and the door that it came to. */
    record Request(int side, int number) {}

    final List<Request> inside = new ArrayList<>();
    final List<Request> line = new ArrayList<>();
    private final Map<Integer, Request> requests = new HashMap<>();
    private int counter;

    abstract boolean admits(int side);

    public void request(int side, int number) {
        Request request = new Request(side, number);
        requests.put(number, request);
        line.add(request);
        admit();
    }

    public boolean cancel(int number) {
        boolean withdrawn = line.remove(requests.get(number));
        admit();
        return withdrawn;
    }

    public void close(int number) {
        line.remove(requests.get(number));
        inside.remove(requests.get(number));
        admit();
    }

    public int count(int side) {
        return counter++;
    }

    public void await(int number) {
        close(number);
    }

    public boolean tryAcquire(int side, int number) {
        if (!line.isEmpty() || !admits(side)) {
            return false;
        }
        request(side, number);
        return true;
    }

    public int quiet() {
        return 100 * inside.size() + line.size();
    }

    void admit() {
        while (!line.isEmpty() && admits(line.get(0).side())) {
            inside.add(line.remove(0));
        }
    }

    public static final class OfQLock extends LockModel {
        @Override
        boolean admits(int side) {
            return inside.isEmpty();
        }
    }

    public static final class OfRWLock extends LockModel {
        @Override
        boolean admits(int side) {
            return side == 0 ? inside.stream().noneMatch(each -> each.side() == 1) : inside.isEmpty();
        }

        public void write() {
            request(1, -1);
        }

        public void downgrade() {
            inside.set(0, new Request(0, -1));
            admit();
        }
    }

    public static final class OfIndexSemaphore extends LockModel {
        @Override
        boolean admits(int side) {
            return inside.size() < 2;
        }

        public boolean use() {
            return true;
        }
    }

    /** The side is the weight. */
    public static final class OfWeightedSemaphore extends LockModel {
        private int capacity = 2;

        @Override
        boolean admits(int side) {
            return side <= available();
        }

        public void resize(int to) {
            capacity = to;
            admit();
        }

        public int available() {
            return capacity - held();
        }

        private int held() {
            return inside.stream().mapToInt(Request::side).sum();
        }

        @Override
        public int quiet() {
            return 100 * held() + line.size();
        }
    }

    /** The side is the key: each has a line of its own. */
    public static final class OfKeyedLock extends LockModel {
        @Override
        boolean admits(int side) {
            return inside.stream().noneMatch(each -> each.side() == side);
        }

        @Override
        public boolean tryAcquire(int side, int number) {
            if (!admits(side)) {
                return false;
            }
            request(side, number);
            return true;
        }

        @Override
        void admit() {
            for (Request request : List.copyOf(line)) {
                if (admits(request.side())) {
                    line.remove(request);
                    inside.add(request);
                }
            }
        }

        public int keys() {
            Set<Integer> keys = new HashSet<>();
            inside.forEach(each -> keys.add(each.side()));
            line.forEach(each -> keys.add(each.side()));
            return keys.size();
        }
    }

    /** The switch reads in the room as long as somebody is inside. */
    public static final class OfSwitchOverReaders extends LockModel {
        @Override
        boolean admits(int side) {
            return true;
        }

        public int quietRoom() {
            return inside.isEmpty() ? 0 : 1;
        }
    }

    /** Side 0 are the guests, side 1 takes the room directly; the switch is one of those who wait for the room. */
    public static final class OfLightSwitch extends LockModel {
        private static final Request SWITCH = new Request(2, -1);

        private final List<Request> room = new ArrayList<>();
        private final List<Request> roomLine = new ArrayList<>();

        @Override
        boolean admits(int side) {
            return room.contains(SWITCH);
        }

        @Override
        public void request(int side, int number) {
            if (side == 1) {
                roomLine.add(new Request(1, number));
            } else {
                super.request(side, number);
            }
            admit();
        }

        @Override
        public boolean cancel(int number) {
            boolean fromRoom = roomLine.remove(new Request(1, number));
            return super.cancel(number) || fromRoom;
        }

        @Override
        public void close(int number) {
            roomLine.remove(new Request(1, number));
            room.remove(new Request(1, number));
            super.close(number);
        }

        @Override
        void admit() {
            if (line.isEmpty() && inside.isEmpty()) {
                room.remove(SWITCH);
                roomLine.remove(SWITCH);
            } else if (!room.contains(SWITCH) && !roomLine.contains(SWITCH)) {
                roomLine.add(SWITCH);
            }
            if (room.isEmpty() && !roomLine.isEmpty()) {
                room.add(roomLine.remove(0));
            }
            super.admit();
        }

        public int quietRoom() {
            return 100 * room.size() + roomLine.size();
        }
    }
}
