//! A reader of Python's pickles that runs nothing: it knows the few opcodes that a file of tensors
//! needs and the four names in it, and refuses every other one. What is read lies in one list, so
//! that no nesting is deep and nothing that is shared is copied.

use super::Unconvertible;

/// Most opcodes of one pickle: a net of some hundred tensors has some ten thousand.
const MOST_OPCODES: usize = 1_000_000;

/// The place of an object among those of its pickle.
pub(super) type Id = usize;

/// What a pickle may hold.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Object {
    Nothing,
    Boolean(bool),
    Integer(i64),
    Text(String),
    /// A tuple or a list.
    Sequence(Vec<Id>),
    Dictionary(Vec<(Id, Id)>),
    Name(Name),
    /// What `_rebuild_tensor_v2` was to be called with.
    Tensor(Vec<Id>),
    /// A persistent identifier: a storage that follows the pickles.
    Storage(Id),
}

impl Object {
    /// What it is, for an error: what is in it may be long.
    fn kind(&self) -> &'static str {
        match self {
            Self::Nothing => "nothing",
            Self::Boolean(_) => "a truth value",
            Self::Integer(_) => "an integer",
            Self::Text(_) => "a text",
            Self::Sequence(_) => "a sequence",
            Self::Dictionary(_) => "a dictionary",
            Self::Name(_) => "a name",
            Self::Tensor(_) => "a tensor",
            Self::Storage(_) => "a storage",
        }
    }
}

/// The names that a pickle may use. None is looked up or called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Name {
    OrderedDictionary,
    RebuildTensor,
    FloatStorage,
    LongStorage,
}

impl Name {
    fn find(module: &str, name: &str) -> Option<Self> {
        match (module, name) {
            ("collections", "OrderedDict") => Some(Self::OrderedDictionary),
            ("torch._utils", "_rebuild_tensor_v2") => Some(Self::RebuildTensor),
            ("torch", "FloatStorage") => Some(Self::FloatStorage),
            ("torch", "LongStorage") => Some(Self::LongStorage),
            _ => None,
        }
    }
}

/// The objects of one pickle.
#[derive(Debug)]
pub(super) struct Pickle {
    objects: Vec<Object>,
    root: Id,
}

impl Pickle {
    /// Reads the pickle at the beginning of the bytes, and takes it off them.
    pub(super) fn read(bytes: &mut &[u8]) -> Result<Self, Unconvertible> {
        let mut machine = Machine {
            bytes,
            objects: Vec::new(),
            stack: Vec::new(),
            marks: Vec::new(),
            memo: Vec::new(),
        };
        for _ in 0..MOST_OPCODES {
            if let Some(root) = machine.step()? {
                return Ok(Self { objects: machine.objects, root });
            }
        }
        Err(Unconvertible(format!("its pickle has more than {MOST_OPCODES} opcodes")))
    }

    pub(super) fn root(&self) -> &Object {
        &self.objects[self.root]
    }

    pub(super) fn get(&self, id: Id) -> &Object {
        &self.objects[id]
    }

    pub(super) fn text(&self, id: Id) -> Result<&str, Unconvertible> {
        match self.get(id) {
            Object::Text(text) => Ok(text),
            other => Err(Unconvertible(format!("{} is no text", other.kind()))),
        }
    }

    /// A length or a place.
    pub(super) fn size(&self, id: Id) -> Result<usize, Unconvertible> {
        match self.get(id) {
            Object::Integer(number) => usize::try_from(*number)
                .map_err(|_| Unconvertible(format!("a size of {number} is not possible"))),
            other => Err(Unconvertible(format!("{} is no size", other.kind()))),
        }
    }

    pub(super) fn sequence(&self, id: Id) -> Result<&[Id], Unconvertible> {
        match self.get(id) {
            Object::Sequence(items) => Ok(items),
            other => Err(Unconvertible(format!("{} is no sequence", other.kind()))),
        }
    }
}

/// Where the reading stands: Python's pickle machine without its means of calling anything.
struct Machine<'a, 'b> {
    bytes: &'a mut &'b [u8],
    objects: Vec<Object>,
    stack: Vec<Id>,
    marks: Vec<usize>,
    memo: Vec<Id>,
}

impl Machine<'_, '_> {
    /// One opcode (Python, `pickletools`); the object that is left when it is the last one.
    fn step(&mut self) -> Result<Option<Id>, Unconvertible> {
        let [opcode] = self.take()?;
        match opcode {
            // PROTO
            0x80 => match self.take()? {
                [2] => {}
                [other] => return Err(Unconvertible(format!("a pickle of protocol {other}"))),
            },
            b'.' => return self.pop().map(Some),
            b'(' => self.marks.push(self.stack.len()),
            b'N' => self.push(Object::Nothing),
            0x88 => self.push(Object::Boolean(true)),
            0x89 => self.push(Object::Boolean(false)),
            // BININT1, BININT2, BININT
            b'K' => {
                let [number] = self.take()?;
                self.push(Object::Integer(number.into()));
            }
            b'M' => {
                let number = u16::from_le_bytes(self.take()?);
                self.push(Object::Integer(number.into()));
            }
            b'J' => {
                let number = i32::from_le_bytes(self.take()?);
                self.push(Object::Integer(number.into()));
            }
            b'X' => self.text()?,
            b'c' => self.name()?,
            b')' | b']' => self.push(Object::Sequence(Vec::new())),
            b'}' => self.push(Object::Dictionary(Vec::new())),
            // TUPLE, TUPLE1, TUPLE2, TUPLE3
            b't' => {
                let items = self.marked()?;
                self.push(Object::Sequence(items));
            }
            0x85..=0x87 => {
                let from = self.stack.len().checked_sub(usize::from(opcode - 0x84));
                let from = from.ok_or_else(underflow)?;
                let items = self.stack.split_off(from);
                self.push(Object::Sequence(items));
            }
            b'a' => {
                let item = self.pop()?;
                self.append(&[item])?;
            }
            b'e' => {
                let items = self.marked()?;
                self.append(&items)?;
            }
            b's' => {
                let (value, key) = (self.pop()?, self.pop()?);
                self.set(&[key, value])?;
            }
            b'u' => {
                let items = self.marked()?;
                self.set(&items)?;
            }
            // BINPUT, LONG_BINPUT, BINGET, LONG_BINGET
            b'q' => {
                let [place] = self.take()?;
                self.remember(place.into())?;
            }
            b'r' => {
                let place = u32::from_le_bytes(self.take()?);
                self.remember(place as usize)?;
            }
            b'h' => {
                let [place] = self.take()?;
                self.recall(place.into())?;
            }
            b'j' => {
                let place = u32::from_le_bytes(self.take()?);
                self.recall(place as usize)?;
            }
            // BINPERSID
            b'Q' => {
                let id = self.pop()?;
                self.push(Object::Storage(id));
            }
            b'R' => self.reduce()?,
            // BUILD: attributes of a dictionary, which say nothing about its content.
            b'b' => drop(self.pop()?),
            other => {
                return Err(Unconvertible(format!(
                    "its pickle uses the opcode {other:#04x}, which is not allowed"
                )));
            }
        }
        Ok(None)
    }

    /// What a call would have made, where it is one of two calls that make plain values.
    fn reduce(&mut self) -> Result<(), Unconvertible> {
        let (arguments, callee) = (self.pop()?, self.pop()?);
        let made = match (&self.objects[callee], &self.objects[arguments]) {
            (Object::Name(Name::OrderedDictionary), Object::Sequence(items))
                if items.is_empty() =>
            {
                Object::Dictionary(Vec::new())
            }
            (Object::Name(Name::RebuildTensor), Object::Sequence(items)) if items.len() <= 8 => {
                Object::Tensor(items.clone())
            }
            _ => return Err(Unconvertible::new("its pickle calls what is not allowed")),
        };
        self.push(made);
        Ok(())
    }

    fn name(&mut self) -> Result<(), Unconvertible> {
        let (module, name) = (self.line()?.to_owned(), self.line()?);
        let known = Name::find(&module, name).ok_or_else(|| {
            Unconvertible(format!("its pickle names `{module}.{name}`, which is not allowed"))
        })?;
        self.push(Object::Name(known));
        Ok(())
    }

    fn text(&mut self) -> Result<(), Unconvertible> {
        let length = u32::from_le_bytes(self.take()?) as usize;
        let (text, rest) = self.bytes.split_at_checked(length).ok_or_else(cut_off)?;
        *self.bytes = rest;
        let text = str::from_utf8(text).map_err(|_| Unconvertible::new("a text is no UTF-8"))?;
        self.push(Object::Text(text.to_owned()));
        Ok(())
    }

    fn line(&mut self) -> Result<&str, Unconvertible> {
        const LONGEST: usize = 64;
        let within = &self.bytes[..self.bytes.len().min(LONGEST)];
        let end = within.iter().position(|byte| *byte == b'\n').ok_or_else(cut_off)?;
        let (line, rest) = self.bytes.split_at(end);
        *self.bytes = &rest[1..];
        str::from_utf8(line).map_err(|_| Unconvertible::new("a name is no UTF-8"))
    }

    fn take<const N: usize>(&mut self) -> Result<[u8; N], Unconvertible> {
        let (taken, rest) = self.bytes.split_first_chunk().ok_or_else(cut_off)?;
        *self.bytes = rest;
        Ok(*taken)
    }

    fn push(&mut self, object: Object) {
        self.stack.push(self.objects.len());
        self.objects.push(object);
    }

    fn pop(&mut self) -> Result<Id, Unconvertible> {
        self.stack.pop().ok_or_else(underflow)
    }

    /// Everything above the last mark.
    fn marked(&mut self) -> Result<Vec<Id>, Unconvertible> {
        let mark = self.marks.pop().filter(|mark| *mark <= self.stack.len());
        Ok(self.stack.split_off(mark.ok_or_else(underflow)?))
    }

    fn top(&mut self) -> Result<&mut Object, Unconvertible> {
        let id = *self.stack.last().ok_or_else(underflow)?;
        Ok(&mut self.objects[id])
    }

    fn append(&mut self, new: &[Id]) -> Result<(), Unconvertible> {
        match self.top()? {
            Object::Sequence(items) => items.extend(new),
            other => {
                return Err(Unconvertible(format!("{} cannot be appended to", other.kind())));
            }
        }
        Ok(())
    }

    fn set(&mut self, new: &[Id]) -> Result<(), Unconvertible> {
        let (pairs, rest) = new.as_chunks::<2>();
        match self.top()? {
            Object::Dictionary(entries) if rest.is_empty() => {
                entries.extend(pairs.iter().map(|[key, value]| (*key, *value)));
            }
            other => return Err(Unconvertible(format!("{} takes no such keys", other.kind()))),
        }
        Ok(())
    }

    /// Writers number what they remember from 0 on.
    fn remember(&mut self, place: usize) -> Result<(), Unconvertible> {
        let id = *self.stack.last().ok_or_else(underflow)?;
        if place != self.memo.len() {
            return Err(Unconvertible::new("its pickle remembers out of order"));
        }
        self.memo.push(id);
        Ok(())
    }

    fn recall(&mut self, place: usize) -> Result<(), Unconvertible> {
        let id = self.memo.get(place).copied();
        self.stack.push(id.ok_or_else(|| Unconvertible::new("its pickle recalls nothing"))?);
        Ok(())
    }
}

fn cut_off() -> Unconvertible {
    Unconvertible::new("its pickle is cut off")
}

fn underflow() -> Unconvertible {
    Unconvertible::new("its pickle takes more than it has put down")
}
